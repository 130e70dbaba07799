import type { Snapshot } from "../../contract/provider-board.ts"
import { maximumOf, spreadAround } from "./estimate-maximum.ts"
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

/** So few answers of one kind say less than all answers together. */
const enoughOfKind = 20
const enoughOfAll = 5

/** Half and nine in ten answers come within these times. */
export interface Estimate {
  readonly p50Ms: number
  readonly p90Ms: number
  /** `prior`: the published figure, as long as too few answers are known. */
  readonly basis: "prior" | "measured"
}

/** How long this candidate's answer to a request of this kind will take. */
export const estimateResponseTime = (candidate: ModelRef, kind: string, snapshot: Snapshot): Estimate => {
  const typical = snapshot.candidates[modelId(candidate)]?.typical
  const ofKind = typical?.[kind]
  const ofAll = typical?.[""]
  const known = ofKind !== undefined && ofKind.samples >= enoughOfKind ? ofKind : ofAll
  if (known !== undefined && known.samples >= enoughOfAll) {
    return { p50Ms: known.p50Ms, p90Ms: known.p90Ms, basis: "measured" }
  }
  const publishedMs = baseMs + (shareMs.get(candidate.provider) ?? unknownShareMs)
  return { p50Ms: publishedMs, p90Ms: publishedMs, basis: "prior" }
}

/** How long it takes until all of several candidates have answered; of one that is only guessed, the usual spread is assumed. */
export const estimateAll = (parts: readonly Estimate[]): Estimate => {
  const [only, ...more] = parts
  if (only === undefined) throw new RangeError("There is nobody to wait for.")
  if (more.length === 0) return only
  const isMeasured = parts.every(({ basis }) => basis === "measured")
  const { p50Ms, p90Ms } = maximumOf(parts.map((part) => (part.basis === "prior" ? spreadAround(part.p50Ms) : part)))
  return { p50Ms: Math.round(p50Ms), p90Ms: Math.round(p90Ms), basis: isMeasured ? "measured" : "prior" }
}
