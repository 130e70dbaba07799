import type { AnalyzeResponse } from "../../contract/analyze.ts"
import type { Gateway } from "../gateway.ts"
import { cachedEstimateMs } from "../routing/estimate-response-time.ts"
import { readStructured } from "../prompts/read-structured.ts"
import { finish } from "./finish.ts"
import { promptName } from "./prompt-name.ts"
import type { Analysis, AnalysisEvent, AnswerHead, CacheHit } from "./stages.ts"

/** Replays a cached answer: no provider is asked, and what that saves is in the record. */
export const answerFromCache = (hit: CacheHit, { ports }: Pick<Gateway, "ports">): Analysis => {
  const { question, cache, address, entry } = hit
  const { answer } = entry
  ports.background(
    ports.cache?.touch(address, entry, ports.now()).catch((error: unknown) => {
      ports.log({ message: "cache hit not counted", requestId: question.id, error: String(error) })
    }) ?? Promise.resolve(),
  )
  const head: AnswerHead = {
    id: question.id,
    provider: answer.provider,
    model: answer.model,
    prompt: promptName(question),
    notices: question.notices,
    cache,
    routing: { reason: "answered from the cache", candidates: [], attempts: [] },
    images: [],
    estimatedMs: cachedEstimateMs,
  }
  const response = (): AnalyzeResponse =>
    finish(question, head, ports, {
      answer: answer.answer,
      structured: readStructured(answer.answer, question.conversation === undefined ? question.queryType : undefined),
      finishReason: answer.finishReason,
      usage: { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 },
      cost: { usd: 0, savedUsd: answer.costUsd, imageTokens: 0, imageTokensSaved: answer.imageTokens },
      upstreamMs: 0,
      address: { ...address, entry: entry.id },
    })
  return { head, events: replay(answer.answer, response) }
}

/** A whole text as an answer that comes in one piece. */
export async function* replay(text: string, response: () => AnalyzeResponse): AsyncGenerator<AnalysisEvent> {
  yield { type: "text", text }
  yield { type: "done", response: response() }
}
