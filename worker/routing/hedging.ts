import type { CandidateHealth } from "../../contract/candidate-health.ts"
import type { CandidateRecord, Standing } from "../../contract/record.ts"
import { unusualValue } from "./fading-level.ts"

/**
 * Asking a second candidate when the first one is silent for unusually long. It buys a shorter tail with a few per cent
 * more requests; when many candidates are busy it would only add to that, so then it is not done.
 */

const soonestMs = 300
const latestMs = 15_000
/** A candidate that is being tried after a rest gets little patience. */
const probePatienceMs = 2_500
const share = 0.05
const savedUp = 10
/** How often a request that is silent past its time asks again whether a second candidate may be asked. */
export const askAgainMs = 1_000
const hotShareLimit = 1 / 3

/** How many hedges may still be sent; each request earns a twentieth of one. */
export interface HedgeBudget {
  readonly hedges: number
}

export const newHedgeBudget: HedgeBudget = { hedges: 1 }
export const afterRequest = ({ hedges }: HedgeBudget): HedgeBudget => ({ hedges: Math.min(savedUp, hedges + share) })
export const afterHedge = ({ hedges }: HedgeBudget): HedgeBudget => ({ hedges: hedges - 1 })

/** exp(μ + 2σ) of this candidate's first-token times: how long to wait for it before a second one is asked. */
export const hedgeAfterMs = (health: Pick<CandidateHealth, "firstToken" | "breaker">, now: number): number => {
  const usualPatienceMs = Math.max(soonestMs, Math.min(latestMs, unusualValue(health.firstToken, now)))
  const isTried = health.breaker.state === "open" || health.breaker.state === "half_open"
  return isTried ? Math.min(probePatienceMs, usualPatienceMs) : usualPatienceMs
}

type Ranked = Pick<CandidateRecord, "provider" | "model" | "standing">

/**
 * Whether a second candidate may be asked: the budget allows it, and no more than a third of the candidates are hot,
 * which is busy. Those that were cut off or drained are out of it, and do not count.
 */
export const mayHedge = (budget: HedgeBudget, ranked: readonly Pick<Ranked, "standing">[]): boolean => {
  const working = ranked.filter(({ standing }) => standing !== "cut_off" && standing !== "drained")
  const hot = working.filter(({ standing }) => standing === "spared" || standing === "pausing")
  return budget.hedges >= 1 && hot.length <= working.length * hotShareLimit
}

/** Whom to ask as well: one that is ready before one to be spared, of another provider first. */
export const hedgeCandidate = <Each extends Ranked>(
  ranked: readonly Each[],
  silent: Pick<CandidateRecord, "provider" | "model">,
): Each | undefined => {
  const others = ranked.filter(({ provider, model }) => provider !== silent.provider || model !== silent.model)
  const best = (standing: Standing): Each | undefined => {
    const alike = others.filter((each) => each.standing === standing)
    return alike.find(({ provider }) => provider !== silent.provider) ?? alike[0]
  }
  return best("ready") ?? best("spared")
}
