import type { NearEntry } from "./near-entry.ts"
import type { NearVerdict } from "./near-verdict.ts"
import { refuseUnread } from "./refuse-unread.ts"
import { cosine } from "./vector.ts"

/** A question for which exact and canonical lookup found nothing. */
export interface AskedQuestion {
  readonly query: string
  readonly imageCount: number
  /** Name of the query type. */
  readonly queryType: string
  readonly vector: Int8Array
  readonly embedder: string
}

export interface NearOptions {
  /** An answer is served only if it is right with at least this probability; 1 − δ. */
  readonly minConfidence: number
}

/** Below this cosine a neighbor is not even looked at. Similarity only nominates: it never serves. */
const nominatedFrom = 0.85

/** Decides whether an answer in the same picture group may serve this question. */
export const judgeNear = (
  asked: AskedQuestion,
  neighbors: readonly NearEntry[],
  { minConfidence }: NearOptions,
): NearVerdict => {
  const unread = refuseUnread(asked.query)
  if (unread !== undefined) return unread
  const [nearest] = neighbors
    .filter((entry) => entry.embedder === asked.embedder && entry.quarantined !== true)
    .map((entry) => ({ entry, similarity: cosine(asked.vector, entry.vector) }))
    .toSorted((one, other) => other.similarity - one.similarity)
  if (nearest === undefined) return { served: false, veto: "no_neighbor", detail: "nothing to compare with" }
  const { entry, similarity } = nearest
  const found = { nearest: entry, similarity }
  if (similarity < nominatedFrom) return { served: false, veto: "too_far", detail: "no question is close", ...found }
  // Nothing is known yet of how often a neighbor's answer is right, so it is not known to be right.
  const confidence = 0
  if (confidence >= minConfidence) return { served: true, entry, similarity, confidence }
  return { served: false, veto: "confidence", detail: `${confidence} is below ${minConfidence}`, ...found, confidence }
}
