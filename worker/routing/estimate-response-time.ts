import type { Snapshot } from "../../contract/provider-board.ts"
import { modelId } from "./model-ref.ts"
import type { ModelRef } from "./model-ref.ts"

/** The published estimate: 100 ms from the cache, else 5,000 ms and the provider's own share. */
export const cachedEstimateMs = 100
const baseMs = 5_000
/** A map, because a provider may bear a name that every object inherits. */
const shareMs: ReadonlyMap<string, number> = new Map([
  ["openai", 8_000],
  ["anthropic", 6_000],
  ["google", 7_000],
])
/** A provider that the published figures do not name counts as the slowest of them. */
const unknownShareMs = 8_000

/** Expected response time: the candidate's own median once there is one, the published figures before. */
export const estimateResponseTimeMs = (candidate: ModelRef, snapshot: Snapshot): number =>
  snapshot.candidates[modelId(candidate)]?.p50Ms ?? baseMs + (shareMs.get(candidate.provider) ?? unknownShareMs)

export const isMeasured = (candidate: ModelRef, snapshot: Snapshot): boolean =>
  snapshot.candidates[modelId(candidate)]?.p50Ms !== undefined
