/**
 * Words that may stand for each other in a question, whatever it is about; the first stands for all. Only what holds in
 * every context: "fast" and "quick", not "big" and "large scale". Words of a trade (breaker, relay) are never equated.
 */
const groups = `
  picture image photo photograph pic snapshot shot screenshot
  show display depict
  visible seen present shown depicted pictured
  fast quick rapid quickly rapidly
  begin start commence
  buy purchase
  get obtain acquire
  earn make made create
  child children kid
  man men guy
  woman women lady
  person people
  tooth teeth
  foot feet
  color colour
  gray grey
  center centre
  meter metre
  favorite favourite
  program programme
  organization organisation
  tire tyre
  mold mould
  pretty beautiful
  big large
  improve enhance
  increase boost
  many numerous
  delete remove
  fix repair
  find locate
  job employment
  movie film
  phone cellphone smartphone
  usa us america u.s u.s.a
  uk britain u.k
  important significant
  difference differ different distinction
  error mistake
  happen occur
  kind type sort
  method way
  need require
  reason cause
  say said
  look watch view
  study learn
  use utilize
  become became
  burn burnt
  worry care
  conflict issue dispute
  sofa couch
  bike bicycle
  plane airplane aeroplane
  tv television
  fridge refrigerator
  clothes clothing
  doughnut donut
  automobile car
  road street
  stone rock
  trash garbage rubbish
  truck lorry
  flashlight torch
  assist help
  choose select pick
  close shut
  end finish
  answer reply
  cost price
  speak talk
  sick ill
  total sum
  vacation holiday
  maximum max
  minimum min
  approximately about roughly
`

const synonyms: ReadonlyMap<string, string> = new Map(
  groups
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [first = "", ...others] = line.trim().split(" ")
      return [first, ...others].map((word) => [word, first] as const)
    }),
)

/** The word that stands for this one and its synonyms, where it has any. */
export const synonymOf = (word: string): string | undefined => synonyms.get(word)
