/** Articles are gone and case is plain when these are matched. */
const picture = "(?:this |these )?(?:picture|image|photo|photograph|pic|shot|scene|screenshot)"
const asking = "(?:what|which|where|who|how|when|why|is|are|does|do|can)\\b"

const tellMe = new RegExp(
  `^(?:(?:can|could|would|will) you (?:tell me|say)|tell me|do you know|i (?:want|need|would like) to know)[,:]? (?=${asking})`,
)
const pictureFirst = new RegExp(`^(?:in|on|from|within) ${picture}[,:]? (?=${asking})`)
const pictureLast = new RegExp(` (?:in|on|within|from) ${picture}$`)

const howMany = /^how many \S/
const whatThings = /^(?:what|which) (?!(?:is|are|do|does|did|can|could|was|were|has|have|other)\b)\S/
const seen = "(?:there|here|visible|seen|pictured)"
const shown = "(?:there|here|visible|seen|pictured|shown|present|depicted|displayed)"
const youSee = "(?:do|can|could) (?:you|we|i) see"
const seenAtEnd = new RegExp(` (?:(?:is|are|can be) ${seen}|${youSee}|are)$`)
const shownAtEnd = new RegExp(` (?:(?:is|are|can be) ${shown}|${youSee}|are)$`)

/** "which", but not where it stands for the thing itself ("which is open", "which of them", "which one"). */
const whichThing = /^which (?!(?:is|are|was|were|of|one|ones|do|does|did|can|could|has|have|would|will|should)\b)(?=\S)/
const colorOf = /^what (is|are|was|were) (color|shape)s? of (?=\S)/

/**
 * One way to ask for each of a few things that people ask in several. Each rule holds for any picture: "how many doors
 * are there", "… do you see", "… are shown in this picture" ask for one number; "what is the color of the tie" asks what
 * "what color is the tie" asks; "which breaker feeds" and "what breaker feeds" name a breaker. Words that only say "in
 * the picture" go where there is but one.
 */
export const oneWayToAsk = (form: string, imageCount: number): string => {
  const told = form.replace(tellMe, "")
  const asked = imageCount === 1 ? told.replace(pictureFirst, "").replace(pictureLast, "") : told
  return withoutSeeing(asked)
    .replace(whichThing, "what ")
    .replace(colorOf, "what $2 $1 ")
    .replace(/^(is|are) there any (?=\S)/, "$1 there ")
}

/** A meter shows a voltage that is not there: only a number of things is the same, shown or there. */
const withoutSeeing = (asked: string): string => {
  if (howMany.test(asked)) return asked.replace(shownAtEnd, "")
  return whatThings.test(asked) ? asked.replace(seenAtEnd, "") : asked
}
