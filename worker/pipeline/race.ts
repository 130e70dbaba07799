import type { Gateway } from "../gateway.ts"
import { runHeat } from "./heat.ts"
import { isLost } from "./is-lost.ts"
import type { Chosen, Routed } from "./stages.ts"
import { tryCandidates } from "./try-candidates.ts"
import type { Ask } from "./try-candidates.ts"

/**
 * The mode `race`: asks the best candidate, and a second one when the first has not begun by the time at which most
 * answers have, as long as the hedging budget lasts. The first to begin wins, the other is stopped at once.
 */
export const race = (routed: Routed, ask: Ask, gateway: Gateway): Promise<Chosen> => {
  const { hedging, ports } = gateway
  hedging.asked()
  return tryCandidates(
    routed,
    (queue, trying) =>
      runHeat(queue, trying, ask, (silent) => isLost(silent, ports) || hedging.mayHedge(routed.ranked), gateway),
    gateway,
  )
}
