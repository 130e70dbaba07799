import type { Comparison } from "../compare-questions.ts"
import type { Token } from "../read-question.ts"

/** A reason why one question's answer cannot be another's: the words that cause it, or undefined where there is none. */
export type Veto = (comparison: Comparison, imageCount: number) => string | undefined

/** "premium" against "basic", for people. */
export const against = (asked: readonly string[], stored: readonly string[]): string =>
  `${quote(asked)} against ${quote(stored)}`

export const textsOf = (tokens: readonly Token[]): readonly string[] => tokens.map(({ text }) => text)

/** What one list has and the other lacks, as often as it lacks it. */
export const missingFrom = (others: readonly string[], list: readonly string[]): readonly string[] => {
  const left = [...others]
  return list.filter((item) => {
    const at = left.indexOf(item)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

const quote = (words: readonly string[]): string =>
  words.length === 0 ? "nothing" : words.map((word) => `"${word}"`).join(", ")
