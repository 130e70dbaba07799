import type { AnalyzeResponse, FinishReason, Usage } from "../../contract/analyze.ts"
import type { AnalysisEvent, AnswerHead } from "../pipeline/stages.ts"

/** OpenAI's word for why an answer ended. */
const finishReasons: Record<FinishReason, string> = {
  stop: "stop",
  length: "length",
  refusal: "content_filter",
  tool_use: "tool_calls",
}

const usageOf = ({ inputTokens, outputTokens, cachedInputTokens }: Usage): unknown => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
  prompt_tokens_details: { cached_tokens: cachedInputTokens },
})

/** A whole answer as OpenAI's `chat.completion`. */
export const toChatCompletion = (response: AnalyzeResponse, createdS: number): unknown => ({
  id: `chatcmpl-${response.id}`,
  object: "chat.completion",
  created: createdS,
  model: response.model,
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: response.answer, refusal: null },
      logprobs: null,
      finish_reason: finishReasons[response.finishReason],
    },
  ],
  usage: usageOf(response.usage),
})

/** A streamed answer as the lines of OpenAI's `chat.completion.chunk` stream. */
export async function* toChatChunks(
  head: AnswerHead,
  events: AsyncIterable<AnalysisEvent>,
  { createdS, includeUsage }: { readonly createdS: number; readonly includeUsage: boolean },
): AsyncGenerator<string> {
  const chunk = (choices: readonly unknown[], usage?: unknown): string =>
    dataLine({
      id: `chatcmpl-${head.id}`,
      object: "chat.completion.chunk",
      created: createdS,
      model: head.model,
      choices,
      ...(includeUsage ? { usage: usage ?? null } : {}),
    })
  const choice = (delta: unknown, finishReason: string | null): unknown => ({
    index: 0,
    delta,
    logprobs: null,
    finish_reason: finishReason,
  })
  yield chunk([choice({ role: "assistant", content: "" }, null)])
  for await (const event of events) {
    if (event.type === "text") yield chunk([choice({ content: event.text }, null)])
    else {
      yield chunk([choice({}, finishReasons[event.response.finishReason])])
      if (includeUsage) yield chunk([], usageOf(event.response.usage))
    }
  }
  yield "data: [DONE]\n\n"
}

export const dataLine = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`
