import { functionWords, words } from "../../worker/cache/near/word-lists.ts"
import type { LabelledPair } from "./labelled-pairs.ts"
import type { Random } from "./random.ts"
import { pick } from "./random.ts"

/** Things that can do something to each other, so that each sentence makes sense either way round. */
const things =
  "relay contactor motor pump fuse breaker sensor valve switch lamp timer drive transformer rectifier battery inverter socket meter coil fan".split(
    " ",
  )
const places = "panel cabinet rack drawer corridor basement workshop garage kitchen office".split(" ")
const colors = "red blue green black white yellow gray brown".split(" ")

type Write = (first: string, second: string, place: string, one: string, other: string) => readonly [string, string]

/** The same words in another order, another meaning: after the manner of PAWS (Zhang, Baldridge and He 2019). */
const frames: readonly Write[] = [
  (a, b) => [`Does the ${a} switch the ${b}?`, `Does the ${b} switch the ${a}?`],
  (a, b) => [`Which ${a} feeds the ${b}?`, `Which ${b} feeds the ${a}?`],
  (a, b) => [`Is the ${a} wired before the ${b} here?`, `Is the ${b} wired before the ${a} here?`],
  (a, b, p) => [`How far is the ${a} from the ${b} in the ${p}?`, `How far is the ${b} in the ${p} from the ${a}?`],
  (a, b, _, c, d) => [`Is the ${c} ${a} next to the ${d} ${b}?`, `Is the ${d} ${a} next to the ${c} ${b}?`],
  (a, b, _, c, d) => [
    `How many ${c} wires go to the ${a} and ${d} ones to the ${b}?`,
    `How many ${d} wires go to the ${a} and ${c} ones to the ${b}?`,
  ],
  (a, b) => [`Can the ${a} still run when the ${b} trips?`, `Can the ${b} still run when the ${a} trips?`],
  (a, b) => [`Why does the ${a} stop after the ${b} starts?`, `Why does the ${b} stop after the ${a} starts?`],
  (a, b, p) => [
    `What connects the ${a} to the ${b} through the ${p}?`,
    `What connects the ${b} to the ${a} through the ${p}?`,
  ],
  (a, b) => [`Is the ${a} rated higher than the ${b}?`, `Is the ${b} rated higher than the ${a}?`],
  (a, b) => [`What happens to the ${a} if the ${b} fails?`, `What happens to the ${b} if the ${a} fails?`],
  (a, b, p) => [
    `Where in the ${p} does the ${a} protect the ${b}?`,
    `Where in the ${p} does the ${b} protect the ${a}?`,
  ],
]

export const wordOrderPairs = (count: number, random: Random): readonly LabelledPair[] =>
  Array.from({ length: count }, (_, index) => {
    const first = pick(things, random)
    const second = pick(
      things.filter((thing) => thing !== first),
      random,
    )
    const one = pick(colors, random)
    const other = pick(
      colors.filter((color) => color !== one),
      random,
    )
    const write = frames[index % frames.length] ?? pick(frames, random)
    const [a, b] = write(first, second, pick(places, random), one, other)
    return { a, b, same: false }
  })

/**
 * The same of questions that people wrote: two of their content words change places. What comes out is not always good
 * English, but never the same question.
 */
export const swappedPairs = (questions: readonly string[], random: Random): readonly LabelledPair[] =>
  questions.flatMap((question) => {
    const parts = question.split(" ")
    const movable = parts.flatMap((word, index) =>
      index > 0 && /^[a-z]{4,}$/.test(word) && !functionWords.has(word) && !adverbs.has(word) ? [index] : [],
    )
    const pairs = movable.flatMap((from) =>
      movable.flatMap((to) => (to > from + 1 && changesSides(parts, from, to) ? [[from, to] as const] : [])),
    )
    if (pairs.length === 0) return []
    const [from, to] = pick(pairs, random)
    const swapped = parts.with(from, parts[to] ?? "").with(to, parts[from] ?? "")
    return [{ a: question, b: swapped.join(" "), same: false }]
  })

/** "fuses and breakers" is "breakers and fuses". */
const changesSides = (parts: readonly string[], from: number, to: number): boolean =>
  parts[to] !== parts[from] && !(to === from + 2 && /^(?:and|or)$/.test(parts[from + 1] ?? ""))

/** Words that carry no matter of their own: swapped, they make no other question but no English. */
const adverbs = words(
  "there their they really quite also even still ever only always never often well better best good great most more many just over under after before while because like want know going make made been were such both else other same some being having doing shall ones these those than then much when where what which your could would should about will",
)
