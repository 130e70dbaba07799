import { canonicalForm } from "../../worker/cache/canonical-form.ts"
import { compareQuestions } from "../../worker/cache/near/compare-questions.ts"
import { fittedFor, scoreOf } from "../../worker/cache/near/confidence.ts"
import { judgeNear } from "../../worker/cache/near/judge-near.ts"
import type { NearOptions } from "../../worker/cache/near/judge-near.ts"
import { createLexicalEmbedder } from "../../worker/cache/near/lexical-embedder.ts"
import type { NearVerdict } from "../../worker/cache/near/near-verdict.ts"
import { readQuestion } from "../../worker/cache/near/read-question.ts"
import { textFeatures } from "../../worker/cache/near/text-features.ts"
import { quantize } from "../../worker/cache/near/vector.ts"
import type { LabelledPair } from "./labelled-pairs.ts"

/** The embedder whose cosines are recorded in the files. */
export const recordedEmbedder = "openai/text-embedding-3-small@512"
const lexical = createLexicalEmbedder()

/** What the lanes say of the second question when the first one was answered. */
export type PairVerdict = { readonly lane: "canonical" } | { readonly lane: "near"; readonly verdict: NearVerdict }

type Words = Pick<LabelledPair, "a" | "b" | "cosine">

/** Runs the lanes on one pair: by its recorded cosine, replayed with two vectors in a plane, else by the built-in embedder. */
export const decidePair = async (pair: Words, options: NearOptions, imageCount = 1): Promise<PairVerdict> => {
  const { a, b } = pair
  if (canonicalForm(a, imageCount) === canonicalForm(b, imageCount)) return { lane: "canonical" }
  const [stored, asked] = pair.cosine === undefined ? await lexical.embed([a, b], live) : plane(pair.cosine)
  const embedder = pair.cosine === undefined ? lexical.id : recordedEmbedder
  if (stored === undefined || asked === undefined) throw new Error("An embedder gives a vector for each text.")
  const entry = { id: "a", question: a, embedder, vector: stored, answerHash: "a", writtenAt: 0 }
  const question = { query: b, imageCount, queryType: "general", vector: asked, embedder }
  return { lane: "near", verdict: judgeNear(question, [entry], options) }
}
const live = new AbortController().signal

/** Two unit vectors with that cosine between them. */
const plane = (cosine: number): readonly Int8Array[] => [
  quantize([1, 0]),
  quantize([cosine, Math.sqrt(Math.max(0, 1 - cosine * cosine))]),
]

/** Where the pair stands among all, for a sweep of thresholds: canonical first, then by score; undefined where a veto refuses. */
export const scorePair = async (
  pair: LabelledPair,
  scoreOfPair: (features: readonly number[], cosine: number) => number = (features, cosine) =>
    scoreOf(fittedFor(pair.cosine === undefined ? lexical.id : recordedEmbedder), features, cosine),
): Promise<number | undefined> => {
  const decided = await decidePair(pair, nothingServed)
  if (decided.lane === "canonical") return Number.POSITIVE_INFINITY
  const { verdict } = decided
  if (verdict.served || verdict.veto !== "confidence") return undefined
  const comparison = compareQuestions(readQuestion(pair.b), readQuestion(pair.a))
  return scoreOfPair(textFeatures(comparison), pair.cosine ?? verdict.similarity ?? 0)
}
/** No bound reaches more than all, so that every pair without a veto comes back with its score. */
const nothingServed: NearOptions = { minConfidence: 2 }
