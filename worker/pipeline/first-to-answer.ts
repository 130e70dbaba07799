import type { Gateway } from "../gateway.ts"
import type { Chosen, Routed } from "./stages.ts"
import { tryCandidates } from "./try-candidates.ts"
import type { Ask } from "./try-candidates.ts"

/** The mode `single`: asks the candidates in order until one begins to answer. */
export const firstToAnswer = (routed: Routed, ask: Ask, gateway: Pick<Gateway, "ports">): Promise<Chosen> =>
  tryCandidates(
    routed,
    async (queue, trying) => {
      const candidate = queue.shift()
      if (candidate === undefined) return undefined
      const attempt = trying.start(candidate)
      try {
        return { attempt, answering: await ask(candidate, attempt) }
      } catch (error) {
        attempt.failed(error)
        return undefined
      }
    },
    gateway,
  )
