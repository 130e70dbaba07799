import type { Random } from "./random.ts"
import { pick, zipf } from "./random.ts"

/** Something that can be asked of a picture, in several wordings. One key, one meaning. */
export interface Intent {
  readonly key: string
  readonly wordings: readonly string[]
  readonly answers: "count" | "yes_no" | "name"
}

const things = "breaker relay fuse lamp motor pump contactor meter valve socket".split(" ")
const places = ["upper", "lower", "left", "right"]
const one = <T>(items: readonly T[], random: Random): T => pick(items, random)

type Template = (random: Random) => Intent
const intent = (key: string, answers: Intent["answers"], wordings: readonly string[]): Intent => ({
  key,
  answers,
  wordings,
})
const designation = (random: Random): string => `${one(["Q", "K", "F"], random)}${1 + Math.floor(random() * 9)}`

/** Wordings as people have them: frames, synonyms and moved words, not only other punctuation; each list from common to rare. */
const templates: readonly Template[] = [
  (random) => {
    const x = one(things, random)
    return intent(`count ${x}`, "count", [
      `How many ${x}s are there?`,
      `How many ${x}s are in the picture?`,
      `How many ${x}s do you see?`,
      `How many ${x}s?`,
      `Count the ${x}s.`,
      `What is the number of ${x}s?`,
      `How many ${x}s can be counted here?`,
      `Please give me the ${x} count`,
    ])
  },
  (random) => {
    const id = designation(random)
    return intent(`rating ${id}`, "name", [
      `What is the rating of ${id}?`,
      `What rating does ${id} have?`,
      `What is ${id} rated?`,
      `What's the ${id} rating?`,
      `Which rating is given for ${id}?`,
      `How is ${id} rated?`,
      `Can you tell me the rating of ${id}?`,
    ])
  },
  (random) => {
    const x = one(things, random)
    return intent(`color ${x}`, "name", [
      `What color is the ${x}?`,
      `What is the color of the ${x}?`,
      `What colour is the ${x}?`,
      `Which color does the ${x} have?`,
      `Tell me the color of the ${x}.`,
    ])
  },
  (random) => {
    const x = one(things, random)
    const state = one(["on", "off"], random)
    return intent(`${x} ${state}`, "yes_no", [
      `Is the ${x} ${state}?`,
      `Is the ${x} switched ${state}?`,
      `Is the ${x} turned ${state}?`,
      `Is this ${x} ${state}?`,
      `Do you see if the ${x} is ${state}?`,
    ])
  },
  (random) => {
    const x = one(things, random)
    return intent(`feeds ${x}`, "name", [
      `What feeds the ${x}?`,
      `What supplies the ${x}?`,
      `Where does the ${x} get its supply from?`,
      `What is the ${x} fed by?`,
      `What is feeding the ${x}?`,
    ])
  },
  (random) => {
    const id = designation(random)
    return intent(`purpose ${id}`, "name", [
      `What does ${id} do?`,
      `What is ${id} for?`,
      `What is the purpose of ${id}?`,
      `What is the function of ${id}?`,
      `What is ${id} used for?`,
    ])
  },
  (random) => {
    const place = one(places, random)
    return intent(`label ${place}`, "name", [
      `What does the ${place} label say?`,
      `What is written on the ${place} label?`,
      `What text is on the ${place} label?`,
      `Read the ${place} label.`,
      `What is on the ${place} label?`,
    ])
  },
  () =>
    intent("maker", "name", [
      "Who is the manufacturer?",
      "Who made this?",
      "What brand is it?",
      "Which manufacturer made this?",
      "What is the brand?",
    ]),
  (random) => {
    const [a, b] = [one(things, random), one(things, random)]
    return intent(`${a} switches ${b}`, "yes_no", [
      `Does the ${a} switch the ${b}?`,
      `Is the ${b} switched by the ${a}?`,
      `Does this ${a} switch the ${b}?`,
    ])
  },
]

const wordingRank = new Map<number, (random: Random) => number>()

/** One way to ask it: the common ones more often, written with more or less care. */
export const word = ({ wordings }: Intent, random: Random): string => {
  const draw = wordingRank.get(wordings.length) ?? zipf(wordings.length, 0.8)
  wordingRank.set(wordings.length, draw)
  const text = wordings[draw(random)] ?? ""
  const careless = random()
  if (careless < 0.15) return text.toLowerCase()
  if (careless < 0.25) return text.replace(/[?.]$/, "")
  return careless < 0.3 ? `Please: ${text}` : text
}

/** What is asked of one picture: different intents, the popular ones first. */
export const intentsOf = (count: number, random: Random): readonly Intent[] => {
  const intents = new Map<string, Intent>()
  while (intents.size < count) {
    const next = pick(templates, random)(random)
    intents.set(next.key, next)
  }
  return [...intents.values()]
}

/** What the model says of a picture to an intent: always the same, and for kinds with few answers often the same as to others. */
export const answerTo = (picture: number, { key, answers }: Intent): string => {
  let hash = picture * 7_919
  for (let index = 0; index < key.length; index++) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) >>> 0
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d) >>> 0
  if (answers === "yes_no") return hash % 2 === 0 ? "Yes." : "No."
  if (answers === "count") return String(1 + (hash % 8))
  return `Item ${hash % 100_000}`
}
