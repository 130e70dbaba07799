import type { CandidateView, Snapshot } from "../../contract/provider-board.ts"
import { addValue } from "./fading-level.ts"
import { unknownView } from "./rank-candidates.ts"

/** Builders for tests of selection. */

/** A candidate whose first token has come after this time, ten times up to now. */
export const viewAt = (
  now: number,
  { firstTokenMs = 3_000, ...rest }: Partial<CandidateView> & { readonly firstTokenMs?: number } = {},
): CandidateView => {
  let { firstToken } = unknownView
  for (let index = 0; index < 10; index++) firstToken = addValue(firstToken, firstTokenMs, now)
  return { ...unknownView, countedAt: now, firstToken, responseTimeSamples: 10, ...rest }
}

/** A candidate that is cut off until then. */
export const cutOff = (now: number, ms: number): Pick<CandidateView, "breaker"> => ({
  breaker: { state: "open", since: now, until: now + ms, trips: 1, why: "failures_in_a_row", goodProbes: 0 },
})

/** A candidate that asked to be left alone until then. */
export const pausing = (now: number, ms: number): Pick<CandidateView, "pause"> => ({
  pause: { until: now + ms, share: 1, thinnedAt: now, quotaLowUntil: 0 },
})

export const snapshotAt = (now: number, views: Readonly<Record<string, CandidateView>>): Snapshot => ({
  at: now,
  candidates: views,
})
