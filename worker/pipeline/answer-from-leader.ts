import type { SharedAnswer } from "../../contract/flight.ts"
import type { Gateway } from "../gateway.ts"
import { readStructured } from "../prompts/read-structured.ts"
import { replay } from "./answer-from-cache.ts"
import { finish } from "./finish.ts"
import { promptName } from "./prompt-name.ts"
import type { Analysis, AnswerHead, Miss } from "./stages.ts"

/** The answer that another request was just given to the same question. It is paid for once, by that request. */
export const answerFromLeader = (
  { question, cache, place }: Miss,
  shared: SharedAnswer,
  { ports }: Pick<Gateway, "ports">,
): Analysis => {
  const head: AnswerHead = {
    id: question.id,
    provider: shared.provider,
    model: shared.model,
    prompt: promptName(question),
    notices: question.notices,
    cache: { ...cache, state: "coalesced", ageS: 0 },
    routing: { reason: "answered by a request that asked the same at the same time", candidates: [], attempts: [] },
    images: [],
    estimatedMs: shared.estimatedMs,
  }
  // The wait was for a provider, even if it was another request that asked.
  const upstreamMs = question.watch.stages()["flight"] ?? 0
  return {
    head,
    events: replay(shared.answer, () =>
      finish(question, head, ports, {
        answer: shared.answer,
        structured: readStructured(shared.answer, question.conversation === undefined ? question.queryType : undefined),
        finishReason: shared.finishReason,
        usage: { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 },
        cost: { usd: 0, savedUsd: shared.costUsd, imageTokens: 0, imageTokensSaved: shared.imageTokens },
        upstreamMs,
        ...(place === undefined ? {} : { address: place.address }),
      }),
    ),
  }
}
