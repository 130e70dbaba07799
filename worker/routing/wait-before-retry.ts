import type { AttemptFailure } from "../../contract/record.ts"

/** What failed, and how long its provider asked to be left alone. */
export interface Refusal {
  readonly kind: AttemptFailure
  readonly retryAfterMs?: number
}

/** May be over a moment later. A candidate that was silent for the whole of its time is not given another one. */
const passing: ReadonlySet<AttemptFailure> = new Set([
  "rate_limited",
  "overloaded",
  "server_error",
  "network",
  "garbage",
  "cut_off",
])
const firstWaitMs = 200

export const mayPass = ({ kind }: Refusal): boolean => passing.has(kind)

/**
 * How long to wait after every candidate has failed, before those are asked again whose failure may have passed: until
 * the first of them can be asked, doubled each round where none said when, and up to a half longer by chance, so that
 * all who were refused together do not come back together. Undefined where waiting is of no use, or takes longer than
 * the client waits.
 */
export const waitBeforeRetryMs = (
  failures: readonly Refusal[],
  round: number,
  leftMs: number,
  random: () => number,
): number | undefined => {
  const waitsMs = failures.filter(mayPass).map(({ retryAfterMs }) => retryAfterMs ?? firstWaitMs * 2 ** round)
  if (waitsMs.length === 0) return undefined
  const soonestMs = Math.min(...waitsMs)
  return soonestMs > leftMs ? undefined : Math.min(leftMs, Math.max(1, soonestMs) * (1 + random() / 2))
}
