import type { Gateway } from "../gateway.ts"
import { answerFromCache } from "./answer-from-cache.ts"
import { auditNearHit } from "./audit-near-hit.ts"
import { callProvider } from "./call-provider.ts"
import { answerBy } from "./answer-by.ts"
import { coalesce } from "./coalesce.ts"
import { inTurn } from "./in-turn.ts"
import { lookUpCache } from "./look-up-cache.ts"
import { optimizeImages } from "./optimize-images.ts"
import { optimizePrompt } from "./optimize-prompt.ts"
import { record } from "./record.ts"
import { rememberFailure } from "./remember-failure.ts"
import { selectProviders } from "./select-providers.ts"
import type { Analysis, Miss, Question } from "./stages.ts"

/**
 * The whole gateway: an admitted question goes in, an answer on its way comes out. Resolves when the answer begins, so
 * until then another provider can still take over; what goes wrong later comes through the answer's events.
 */
export const analyze = async (question: Question, gateway: Gateway): Promise<Analysis> => {
  const looked = await question.watch.time("cache", () => lookUpCache(question, gateway))
  if (looked.found) {
    auditNearHit(looked, (miss) => askProviders(miss, gateway), gateway)
    return answerFromCache(looked, gateway)
  }
  try {
    return await coalesce(looked, (miss) => askProviders(miss, gateway), gateway)
  } catch (error) {
    rememberFailure(looked, error, gateway)
    throw error
  }
}

const askProviders = async (miss: Miss, gateway: Gateway): Promise<Analysis> => {
  const { watch, mode } = miss.question
  const routed = selectProviders(miss, gateway)
  // Memory is what runs out: of several candidates' pictures one is made at a time.
  const oneAtATime = inTurn()
  const chosen = await answerBy[mode](
    routed,
    async (candidate, attempt) => {
      const pictured = await watch.time("images", () => oneAtATime(() => optimizeImages(routed, candidate, gateway)))
      const prepared = optimizePrompt(pictured)
      return watch.time("provider", () => callProvider(prepared, attempt, gateway))
    },
    gateway,
  )
  return record(chosen, gateway)
}
