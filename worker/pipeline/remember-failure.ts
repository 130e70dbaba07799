import { asGatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { promptName } from "./prompt-name.ts"
import type { Miss } from "./stages.ts"

/**
 * A line of history for a request that got no answer. One that broke off in the middle of its answer is in the log only:
 * nobody can say any more how it would have ended.
 */
export const rememberFailure = (
  { question, cache }: Pick<Miss, "question" | "cache">,
  thrown: unknown,
  { ports }: Pick<Gateway, "ports">,
): void => {
  const { history, background, now } = ports
  if (history === undefined) return
  const { id, caller, endpoint, queryType, notices, watch } = question
  const { status, code } = asGatewayError(thrown)
  const totalMs = watch.elapsedMs()
  const stages = watch.stages()
  const upstreamMs = stages["provider"] ?? 0
  background(
    history.remember({
      tenant: caller.tenant,
      endpoint,
      status,
      errorCode: code,
      record: {
        requestId: id,
        at: new Date(now()).toISOString(),
        queryType: queryType.name,
        prompt: promptName(question),
        notices,
        cache,
        // What each candidate said stands in the log.
        routing: { reason: "nobody answered", candidates: [], attempts: [] },
        images: [],
        cost: { usd: 0, savedUsd: 0, imageTokens: 0, imageTokensSaved: 0 },
        time: { totalMs, overheadMs: Math.max(0, totalMs - upstreamMs), upstreamMs, estimatedMs: 0, stages },
      },
    }),
  )
}
