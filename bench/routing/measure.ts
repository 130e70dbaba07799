import type { Outcome } from "./policy.ts"
import type { Scenario } from "./scenarios.ts"
import type { Run } from "./simulate.ts"

/** What one policy made of one scenario with one seed. Times in seconds, shares from 0 to 1. */
export interface Figures {
  /** The published score of what came out: right · 0.4 + time · 0.3 + answered · 0.2 + room · 0.1. */
  readonly utility: number
  readonly meanS: number
  readonly p50S: number
  readonly p95S: number
  readonly p99S: number
  readonly firstTokenP99S: number
  readonly success: number
  readonly accuracy: number
  /** Attempts that went out beside another one, of all requests. */
  readonly extra: number
  /** Attempts a request. */
  readonly attempts: number
  /** Of the requests later than 5 s after a candidate had died, the share that went to it first. */
  readonly deadShare?: number
  /** Until the dead get less than a twentieth of what is sent, and until one that came back gets half of its share again. */
  readonly foundS?: number
  readonly recoveredS?: number
  /** Of the answers with a stated time for nine in ten, the share within it. */
  readonly within?: number
}

/** What comes before is not counted: a gateway runs for months, and starts but once. */
const warmUpS = 45

export const measure = (run: Run, scenario: Scenario): Figures => {
  const outcomes = run.outcomes.filter(({ request }) => request.at >= warmUpS * 1000)
  const sent = run.sent.filter(({ at }) => at >= warmUpS * 1000)
  const answered = outcomes.filter((outcome) => outcome.answered)
  const times = answered.map(({ totalMs }) => totalMs / 1000).toSorted((a, b) => a - b)
  const firsts = answered.map(({ firstTokenMs = 0 }) => firstTokenMs / 1000).toSorted((a, b) => a - b)
  const stated = answered.filter(({ statedP90Ms }) => statedP90Ms !== undefined)
  return {
    utility: mean(outcomes.map(utilityOf)),
    meanS: mean(times),
    p50S: quantile(times, 0.5),
    p95S: quantile(times, 0.95),
    p99S: quantile(times, 0.99),
    firstTokenP99S: quantile(firsts, 0.99),
    success: answered.length / outcomes.length,
    accuracy: mean(answered.map(({ right }) => (right ? 1 : 0))),
    extra: sent.filter(({ isExtra }) => isExtra).length / outcomes.length,
    attempts: sent.length / outcomes.length,
    ...deathOf(sent, scenario),
    ...(stated.length === 0
      ? {}
      : { within: mean(stated.map(({ totalMs, statedP90Ms = 0 }) => (totalMs <= statedP90Ms ? 1 : 0))) }),
  }
}

const utilityOf = ({ answered, right, totalMs, room = 0 }: Outcome): number =>
  answered ? (right ? 0.4 : 0) + 0.3 * Math.max(0, 1 - totalMs / 30_000) + 0.2 + 0.1 * Math.max(0, room) : 0

const deathOf = (sent: Run["sent"], { death }: Scenario): Pick<Figures, "deadShare" | "foundS" | "recoveredS"> => {
  if (death === undefined) return {}
  const isDead = (candidate: number): boolean => death.candidates.includes(candidate)
  /** What the dead got of what was sent between these times. */
  const shareIn = (fromS: number, toS: number): number => {
    const then = sent.filter(({ at, isFirst }) => isFirst && at >= fromS * 1000 && at < toS * 1000)
    return then.length === 0 ? 0 : then.filter(({ candidate }) => isDead(candidate)).length / then.length
  }
  const before = shareIn(death.fromS - 20, death.fromS)
  let foundS = death.toS - death.fromS
  for (let s = 0; s < death.toS - death.fromS - 2; s += 0.25) {
    if (shareIn(death.fromS + s, death.fromS + s + 2) > 0.05) continue
    foundS = s
    break
  }
  let recoveredS = 60
  for (let s = 0; s < 60; s += 0.5) {
    if (shareIn(death.toS + s, death.toS + s + 5) < before / 2) continue
    recoveredS = s
    break
  }
  return { deadShare: shareIn(death.fromS + 5, death.toS), foundS, recoveredS }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / (values.length || 1)

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
