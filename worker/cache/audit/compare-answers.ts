import { contentWords, leadingYesNo, readQuantities, tellsNothing } from "./read-answer.ts"
import { compareStructured } from "./compare-structured.ts"

/** Whether two answers say the same, and what that proves about their questions. */
export interface AnswerComparison {
  /** `unclear` where words differ and nothing typed decides; then only a judge can say. */
  readonly verdict: "same" | "different" | "unclear"
  /** What a match proves, 0..1: one less the chance that two unrelated answers of this kind match. */
  readonly weight: number
  readonly by: "structured" | "yes_no" | "quantities" | "text"
}

/** Texts whose words overlap by this share (F1) say the same; below the other, nothing is said. */
const sameWords = 0.8
/** An answer of more words than this explains more than it names; its numbers alone decide nothing. */
const shortAnswerWords = 5

/**
 * Compares two answers by their type: JSON field by field, yes or no, numbers with their units, and only then words. An
 * equal answer is worth less where answers are often equal by chance, as Cohen's kappa has it.
 */
export const compareAnswers = (one: string, other: string): AnswerComparison => {
  const structured = compareStructured(one, other)
  if (structured !== undefined) return { ...structured, by: "structured" }

  // Two who cannot tell agree on nothing.
  if (tellsNothing(one) || tellsNothing(other)) return { verdict: "unclear", weight: 0, by: "text" }

  const [yesNo, otherYesNo] = [leadingYesNo(one), leadingYesNo(other)]
  if (yesNo !== undefined && otherYesNo !== undefined) {
    return { verdict: yesNo === otherYesNo ? "same" : "different", weight: 0.5, by: "yes_no" }
  }

  const [quantities, otherQuantities] = [readQuantities(one), readQuantities(other)]
  const [words, otherWords] = [contentWords(one), contentWords(other)]
  const bothShort = words.length <= shortAnswerWords && otherWords.length <= shortAnswerWords
  if (quantities.length > 0 && otherQuantities.length > 0 && bothShort) {
    const same = quantities.join() === otherQuantities.join()
    // Counts are small numbers, and small numbers meet; a number with a unit or of three digits hardly ever does.
    const telling = quantities.some((quantity) => /\d{3}|[^\d.-]/.test(quantity))
    return { verdict: same ? "same" : "different", weight: telling ? 0.95 : 0.8, by: "quantities" }
  }
  return { ...compareWords(words, otherWords, quantities, otherQuantities), by: "text" }
}

const compareWords = (
  words: readonly string[],
  otherWords: readonly string[],
  quantities: readonly string[],
  otherQuantities: readonly string[],
): Pick<AnswerComparison, "verdict" | "weight"> => {
  const [one, other] = [new Set(words), new Set(otherWords)]
  const common = [...one].filter((word) => other.has(word)).length
  const overlap = (2 * common) / Math.max(1, one.size + other.size)
  const contradiction = quantities.length > 0 && otherQuantities.length > 0 && !subset(quantities, otherQuantities)
  if (overlap >= sameWords && !contradiction && one.size > 0) return { verdict: "same", weight: 0.9 }
  // "Siemens" and "ABB": two names that share nothing. Of longer texts, other words may say the same.
  const bothNames = one.size > 0 && other.size > 0 && one.size <= 3 && other.size <= 3
  if (contradiction || (bothNames && common === 0)) return { verdict: "different", weight: 0.9 }
  return { verdict: "unclear", weight: 0 }
}

/** Whether all numbers of the shorter list are in the longer one: a fuller answer contradicts no brief one. */
const subset = (one: readonly string[], other: readonly string[]): boolean => {
  const [few, many] = one.length <= other.length ? [one, other] : [other, one]
  return few.every((item) => many.includes(item))
}
