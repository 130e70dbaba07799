import type { Gateway } from "../gateway.ts"
import { runHeat } from "./heat.ts"
import { isLost } from "./is-lost.ts"
import type { Chosen, Routed } from "./stages.ts"
import { tryCandidates } from "./try-candidates.ts"
import type { Ask } from "./try-candidates.ts"

/**
 * The mode `single`: asks the candidates in order until one begins to answer. A second one is asked beside a silent one
 * only where that was cut off meanwhile, or was being tried after a rest.
 */
export const firstToAnswer = (routed: Routed, ask: Ask, gateway: Pick<Gateway, "ports">): Promise<Chosen> =>
  tryCandidates(
    routed,
    (queue, trying) => runHeat(queue, trying, ask, (silent) => isLost(silent, gateway.ports), gateway),
    gateway,
  )
