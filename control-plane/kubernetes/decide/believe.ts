import type { Signal } from "../policies/policy.ts"
import type { Reading, Sample } from "../sample.ts"
import type { PastSample } from "./memory.ts"

export type Belief =
  | { readonly believed: true; readonly sample: Sample; readonly source: string; readonly isFallback: boolean }
  | { readonly believed: false; readonly code: DisbeliefCode; readonly reason: string }

export type DisbeliefCode = "no-data" | "not-a-number" | "stale" | "implausible" | "frozen"

/** The same number this often, over this long, is a source that stopped measuring. */
const frozenReadings = 8
const frozenMs = 300_000

export interface BelieveOptions {
  /** Earlier readings of the signal, from both its sources. */
  readonly past: readonly PastSample[]
  readonly nowMs: number
  readonly scrapeS: number
  /** Whether the signal's second source gave it. */
  readonly isFallback?: boolean
}

/**
 * Whether a reading may be acted on: a finite number, not negative, no larger than its signal can be, no older than two
 * scrapes and 30 s, and not the very same for minutes where it changed before. Never throws.
 */
export const believe = (
  reading: Reading,
  { most }: Pick<Signal, "most">,
  { past, nowMs, scrapeS, isFallback = false }: BelieveOptions,
): Belief => {
  if (reading.kind === "no-data") return refuse("no-data", `${reading.source} has no data: ${reading.reason}`)
  const { value, measuredAtMs, readAtMs, source } = reading.sample
  const number = toNumber(value)
  if (number === undefined) return refuse("not-a-number", `${source} gave ${describe(value)}, which is no number`)
  if (number < 0) return refuse("implausible", `${source} gave ${number}, which is below 0`)
  if (number > most) return refuse("implausible", `${source} gave ${number}, above the ${most} that this signal can be`)
  const atMs = measuredAtMs ?? readAtMs
  const ageS = (nowMs - atMs) / 1_000
  if (!Number.isFinite(ageS)) return refuse("stale", `${source} does not say when it measured`)
  const oldestS = 2 * scrapeS + 30
  if (ageS > oldestS) return refuse("stale", `${source} measured ${Math.round(ageS)} s ago; ${oldestS} s are believed`)
  if (ageS < -oldestS)
    return refuse("stale", `${source} measured ${Math.round(-ageS)} s in the future: a clock is wrong`)
  if (
    isFrozen(
      number,
      atMs,
      past.filter((each) => (each.isFallback ?? false) === isFallback),
    )
  ) {
    return refuse("frozen", `${source} has given ${number} and nothing else for ${frozenMs / 60_000} minutes or more`)
  }
  return { believed: true, sample: { value: number, measuredAtMs: Math.min(atMs, nowMs) }, source, isFallback }
}

/** A number, or its text as Prometheus writes it. JavaScript takes `""`, `[]`, `null` and `true` for numbers; nobody else does. */
const toNumber = (value: unknown): number | undefined => {
  const number =
    typeof value === "number"
      ? value
      : typeof value === "string" && /^\s*[-+]?(\d|\.\d)/.test(value)
        ? Number(value)
        : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

const describe = (value: unknown): string => {
  if (value === undefined) return "nothing"
  if (typeof value === "string") return value === "" ? "an empty text" : "a text"
  if (typeof value === "number" || value === null) return String(value)
  return Array.isArray(value) ? "a list" : `a ${typeof value}`
}

/**
 * A whole number may stand still for a good while (an empty queue, ten replicas' limit), and zero for ever; a measured
 * fraction that repeats to the last digit does not.
 */
const isFrozen = (value: number, atMs: number, past: readonly PastSample[]): boolean => {
  if (Number.isInteger(value)) return false
  const lastOther = past.findLastIndex((each) => each.value !== value)
  const same = past.slice(lastOther + 1)
  const first = same[0]
  if (lastOther < 0 || first === undefined) return false
  const sinceMs = atMs - first.atMs
  // Of what is older than five minutes one reading a minute is kept: fewer then say as much.
  return same.length >= frozenReadings
    ? sinceMs >= frozenMs
    : same.length >= frozenMs / 60_000 && sinceMs >= 2 * frozenMs
}

const refuse = (code: DisbeliefCode, reason: string): Belief => ({ believed: false, code, reason })
