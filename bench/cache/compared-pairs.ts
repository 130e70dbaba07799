import { canonicalForm } from "../../worker/cache/canonical-form.ts"
import { compareQuestions } from "../../worker/cache/near/compare-questions.ts"
import { createLexicalEmbedder } from "../../worker/cache/near/lexical-embedder.ts"
import { readQuestion } from "../../worker/cache/near/read-question.ts"
import { refuseUnread } from "../../worker/cache/near/refuse-unread.ts"
import { textFeatures } from "../../worker/cache/near/text-features.ts"
import { cosine } from "../../worker/cache/near/vector.ts"
import { vetoes } from "../../worker/cache/near/vetoes/vetoes.ts"
import type { LabelledPair, PicturePair } from "./labelled-pairs.ts"

/** A pair that reaches the confidence: other lanes do not serve it, and no veto refuses it. */
export interface ComparedPair {
  readonly features: readonly number[]
  readonly lexical: number
  readonly recorded?: number
  readonly right: boolean
}

export const compareAll = async (pairs: readonly LabelledPair[]): Promise<readonly ComparedPair[]> => {
  const embedder = createLexicalEmbedder()
  const compared: ComparedPair[] = []
  for (const { a, b, same, cosine: recorded } of pairs) {
    if (canonicalForm(a, 1) === canonicalForm(b, 1)) continue
    if (refuseUnread(a) !== undefined || refuseUnread(b) !== undefined) continue
    const comparison = compareQuestions(readQuestion(b), readQuestion(a))
    if (vetoes.some(([, find]) => find(comparison, 1) !== undefined)) continue
    const [one, other] = await embedder.embed([a, b], new AbortController().signal)
    compared.push({
      features: textFeatures(comparison),
      lexical: one === undefined || other === undefined ? 0 : cosine(one, other),
      ...(recorded === undefined ? {} : { recorded }),
      right: same,
    })
  }
  return compared
}

/**
 * Questions about one picture: one answer serves both where the answers are equal. Those answered yes or no are left out,
 * because half of them are equal by chance.
 */
export const asLabelledPairs = (pairs: readonly PicturePair[]): readonly LabelledPair[] =>
  pairs
    .filter(({ answerA, answerB }) => ![answerA, answerB].some((answer) => answer === "yes" || answer === "no"))
    .map(({ a, b, answerA, answerB }) => ({ a, b, same: answerA === answerB }))
