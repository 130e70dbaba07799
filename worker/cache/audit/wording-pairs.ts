import { canonicalForm } from "../canonical-form.ts"

/**
 * Wordings that were found to ask one thing, whatever the picture: what is learned on one picture holds on the next. A
 * plain, bounded value, oldest first.
 */
export type WordingPairs = readonly WordingPair[]

export interface WordingPair {
  readonly key: string
  /** What speaks for it; at `proven` the wordings are taken as one. Negative: they were told apart, for good. */
  readonly points: number
}

/** A judge's word and one telling answer, or three telling answers on three pictures. */
const proven = 2.5
const judgePoints = 2
const mostPairs = 512

/** Names two wordings, in any order, without keeping their words. */
export const pairKey = (one: string, other: string, imageCount: number): string => {
  const forms = [canonicalForm(one, imageCount), canonicalForm(other, imageCount)].toSorted()
  const text = forms.join("\n")
  return `${hash(text, 0x811c_9dc5)}${hash(text, 0x9747_b28c)}`
}

export const areOne = (pairs: WordingPairs, key: string): boolean =>
  pairs.some((pair) => pair.key === key && pair.points >= proven)

/** Nothing more needs to be learned: they are one, or they are not. */
export const isSettled = (pairs: WordingPairs, key: string): boolean =>
  pairs.some((pair) => pair.key === key && (pair.points >= proven || pair.points < 0))

export interface PairFinding {
  readonly answers?: { readonly verdict: "same" | "different" | "unclear"; readonly weight: number }
  readonly judgement?: "same" | "different"
}

/** Takes in what a comparison of answers and a judge said of two wordings. One word against them outweighs all. */
export const learnPair = (pairs: WordingPairs, key: string, { answers, judgement }: PairFinding): WordingPairs => {
  const known = pairs.find((pair) => pair.key === key)?.points ?? 0
  const points =
    known < 0 || judgement === "different" || answers?.verdict === "different"
      ? -1
      : known + (judgement === "same" ? judgePoints : 0) + (answers?.verdict === "same" ? answers.weight : 0)
  if (points === known) return pairs
  return [...pairs.filter((pair) => pair.key !== key), { key, points }].slice(-mostPairs)
}

/** FNV-1a; two of them with other seeds make 64 bits, more than a few hundred pairs of one tenant can fill. */
const hash = (text: string, seed: number): string => {
  let value = seed
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x0100_0193)
  value = Math.imul(value ^ (value >>> 15), 0x85eb_ca6b)
  return ((value ^ (value >>> 13)) >>> 0).toString(16).padStart(8, "0")
}
