import type { BudgetMode } from "../policies/policy.ts"
import { replicasFor } from "./erlang.ts"
import { foretell } from "./foretell.ts"
import { correctHeadroom } from "./headroom.ts"
import type { Recommendation, RecommendInput } from "./recommend.ts"
import { show } from "./show.ts"

/** Fewer replicas are asked for only where they would do for this much more: what the next gust takes back is not worth it. */
const marginDown = 1.04
/** What waits beyond the usual is to be gone within this time. */
const drainS = 60
/** A line in which one waits for half of what is allowed is nothing unusual. */
const usualWait = 0.5

/**
 * The fewest replicas that keep late requests within the budget, by Erlang's formula for the load that is foretold, times
 * the headroom that was learned; and on top what works off a line that has grown.
 */
export const recommendBudget = (
  mode: BudgetMode,
  { values, memory, nowMs, currentReplicas, readyReplicas, most }: RecommendInput,
): Recommendation => {
  const rate = values["rate"] ?? Number.NaN
  const serviceMs = values["serviceTime"] ?? Number.NaN
  const serviceS = Math.max(serviceMs, 0.001) / 1_000
  const headroom = correctHeadroom(mode.late, memory, values)
  const aheadS = mode.startupS + mode.rate.source.scrapeS * 2
  const expected = foretell(memory.samples["rate"] ?? [], { value: rate, nowMs, aheadS })
  const sizeFor = (ratePerS: number): number => replicasFor({ ratePerS, serviceS }, { ...mode, most })
  const needed = sizeFor(expected * headroom)
  const steady =
    needed < currentReplicas ? Math.min(currentReplicas, sizeFor(expected * headroom * marginDown)) : needed
  const waiting = (values["inFlight"] ?? 0) - readyReplicas * mode.slots
  const excess = Math.max(0, waiting - rate * mode.waitS * usualWait)
  const extra = Math.round((excess * serviceS) / mode.slots / drainS)
  const replicas = Math.min(most, steady + extra)
  return {
    replicas,
    code: replicas > currentReplicas ? "above-target" : replicas < currentReplicas ? "below-target" : "within-target",
    reason: [
      `${show(rate)} requests a second of ${show(serviceMs)} ms, ${show(expected)} expected in ${Math.round(aheadS)} s`,
      ...(headroom === 1 ? [] : [`, times ${show(headroom)} by what was late lately`]),
      `: ${steady} replicas of ${mode.slots} keep waits over ${mode.waitS} s within ${show(mode.late * 100)} %`,
      ...(extra === 0 ? [] : [`, and ${extra} more work off ${show(excess)} that wait beyond the usual`]),
    ].join(""),
    headroom,
  }
}
