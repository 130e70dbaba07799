import type { AnalyzeResponse, FinishReason, Usage } from "../../contract/analyze.ts"
import type { AnalysisEvent, AnswerHead } from "../pipeline/stages.ts"

/** Anthropic's word for why an answer ended. */
const stopReasons: Record<FinishReason, string> = {
  stop: "end_turn",
  length: "max_tokens",
  refusal: "refusal",
  tool_use: "tool_use",
}

/** Anthropic counts what came from its prompt cache apart, not as part of the input. */
const usageOf = ({ inputTokens, outputTokens, cachedInputTokens }: Usage): unknown => ({
  input_tokens: inputTokens - cachedInputTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: cachedInputTokens,
  output_tokens: outputTokens,
})

const nothingYet: Usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 }

const message = (id: string, model: string, content: readonly unknown[], stopReason: string | null, usage: Usage) => ({
  id: `msg_${id}`,
  type: "message",
  role: "assistant",
  model,
  content,
  stop_reason: stopReason,
  stop_sequence: null,
  usage: usageOf(usage),
})

/** A whole answer as Anthropic's `message`. */
export const toMessage = ({ id, model, answer, finishReason, usage }: AnalyzeResponse): unknown =>
  message(id, model, [{ type: "text", text: answer }], stopReasons[finishReason], usage)

/** A streamed answer as Anthropic's events; what was counted comes with the last but one, as the provider tells it then. */
export async function* toMessageEvents(head: AnswerHead, events: AsyncIterable<AnalysisEvent>): AsyncGenerator<string> {
  yield messageEvent("message_start", { message: message(head.id, head.model, [], null, nothingYet) })
  yield messageEvent("content_block_start", { index: 0, content_block: { type: "text", text: "" } })
  for await (const event of events) {
    if (event.type === "text") {
      yield messageEvent("content_block_delta", { index: 0, delta: { type: "text_delta", text: event.text } })
      continue
    }
    const { finishReason, usage } = event.response
    yield messageEvent("content_block_stop", { index: 0 })
    yield messageEvent("message_delta", {
      delta: { stop_reason: stopReasons[finishReason], stop_sequence: null },
      usage: usageOf(usage),
    })
    yield messageEvent("message_stop", {})
  }
}

export const messageEvent = (type: string, data: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
