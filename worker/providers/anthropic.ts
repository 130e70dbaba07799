import { BaseAnthropic } from "@anthropic-ai/sdk/client"
import { Messages } from "@anthropic-ai/sdk/resources/messages/messages"
import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
} from "@anthropic-ai/sdk/resources/messages/messages"
import * as v from "valibot"
import type { FinishReason, Usage } from "../../contract/analyze.ts"
import { MalformedEvent, readJson, streamAnswer } from "./answer-stream.ts"
import type { Finding } from "./answer-stream.ts"
import { failureFromAnswer } from "./failure.ts"
import type { Asked } from "./failure.ts"
import { guardFetch } from "./guard-fetch.ts"
import { findModel, outputLimit } from "./models.ts"
import { pictureData } from "./picture-data.ts"
import type { Part, Prompt, Provider, ProviderOptions, Turn } from "./provider.ts"
import type { ServerSentEvent } from "./sse.ts"

/** The API demands a limit; this one is for prompts that set none. */
const defaultMaxOutputTokens = 8_192

/** Anthropic's Messages. */
export const createAnthropicProvider = (options: ProviderOptions & { readonly apiKey: string }): Provider => {
  const { name, apiKey, simulated, models, now = Date.now } = options
  const baseUrl = (options.baseUrl ?? "https://api.anthropic.com").replace(/\/+$/, "")
  const messages = createMessages(baseUrl, options)
  return {
    name,
    wire: "anthropic",
    simulated,
    ...(models === undefined ? {} : { models }),
    ask: (model, prompt, signal) => {
      const asked: Asked = { provider: name, model, apiKey, now }
      return streamAnswer(
        asked,
        {
          // The SDK's own stream holds events of any length; ours is bounded, and the same for all providers.
          open: (upstream) => messages.create(toRequest(model, prompt), { signal: upstream }).asResponse(),
          read: (event) => readEvent(asked, event),
          mayBeEmpty: prompt.stop !== undefined,
        },
        signal,
      )
    },
    relay: {
      url: `${baseUrl}/v1/messages`,
      // The version that clients who name none were written for.
      headers: { "x-api-key": apiKey, "anthropic-version": "2023-06-01" },
    },
  }
}

/** Only the client's core and this one resource: less than half of the whole SDK's 86 KiB. */
const createMessages = (
  baseUrl: string,
  { apiKey, fetch }: { apiKey: string; fetch: typeof globalThis.fetch },
): Messages =>
  new Messages(
    new BaseAnthropic({
      apiKey,
      webhookKey: null,
      baseURL: baseUrl,
      fetch: guardFetch(fetch),
      maxRetries: 0,
      logLevel: "off",
      openTelemetry: false,
    }),
  )

/** Never sampling: since API version 2026-10-21, which the SDK speaks, `temperature` and `top_p` are an error for every model. */
const toRequest = (model: string, prompt: Prompt): MessageCreateParamsStreaming => {
  const known = findModel({ provider: "anthropic", model })
  return {
    model,
    max_tokens: outputLimit(known, prompt.maxOutputTokens ?? defaultMaxOutputTokens),
    // Marked, so that everything up to here is read from the provider's prompt cache the next time.
    ...(prompt.system === ""
      ? {}
      : { system: [{ type: "text", text: prompt.system, cache_control: { type: "ephemeral" } }] }),
    messages: prompt.turns.map((turn) => toMessage(turn, prompt)),
    stream: true,
    ...(prompt.stop === undefined ? {} : { stop_sequences: [...prompt.stop] }),
    ...(prompt.schema === undefined
      ? {}
      : { output_config: { format: { type: "json_schema", schema: { ...prompt.schema.schema } } } }),
  }
}

const toMessage = ({ role, parts }: Turn, prompt: Prompt): MessageParam => ({
  role,
  content: picturesFirst(parts).map((part) => toBlock(part, prompt)),
})

/** Claude sees better when the question follows the pictures. Where text stands between or after pictures, it may label them: then nothing moves. */
const picturesFirst = (parts: readonly Part[]): readonly Part[] => {
  const firstPicture = parts.findIndex((part) => part.type === "image")
  const trailing = firstPicture < 0 ? [] : parts.slice(firstPicture)
  return trailing.every((part) => part.type === "image")
    ? [...trailing, ...parts.slice(0, parts.length - trailing.length)]
    : parts
}

const toBlock = (part: Part, prompt: Prompt): ContentBlockParam => {
  if (part.type === "text") return part
  const { mediaType, base64 } = pictureData(prompt, part.image, ["png", "jpeg", "webp", "gif"])
  return { type: "image", source: { type: "base64", media_type: mediaType, data: base64 } }
}

const count = v.nullish(v.pipe(v.number(), v.minValue(0)))

const UsageFields = v.object({
  input_tokens: count,
  output_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
})

const Event = v.object({
  type: v.string(),
  message: v.optional(v.object({ model: v.optional(v.string()), usage: v.optional(UsageFields) })),
  content_block: v.optional(v.object({ text: v.optional(v.string()) })),
  delta: v.optional(
    v.object({ type: v.optional(v.string()), text: v.optional(v.string()), stop_reason: v.nullish(v.string()) }),
  ),
  usage: v.optional(UsageFields),
  error: v.optional(v.object({ type: v.optional(v.string()), message: v.optional(v.string()) })),
})

const readEvent = (asked: Asked, event: ServerSentEvent): Finding => {
  const { type, message, content_block: block, delta, usage, error } = readJson(Event, event)
  switch (type) {
    case "message_start":
      return { ...readUsage(message?.usage), ...(message?.model === undefined ? {} : { model: message.model }) }
    case "content_block_start":
      return { text: block?.text ?? "" }
    case "content_block_delta":
      return delta?.type === "text_delta" ? { text: delta.text ?? "" } : {}
    case "message_delta": {
      const reason = delta?.stop_reason ?? undefined
      return { ...readUsage(usage), ...(reason === undefined ? {} : { finishReason: readReason(reason) }) }
    }
    case "message_stop":
      return { done: true }
    case "error":
      throw failureFromAnswer(asked, { status: statusOf(error?.type), headers: new Headers(), body: { error } })
    default:
      // `ping`, `content_block_stop`, and what is yet to come.
      return {}
  }
}

/** `input_tokens` counts only what the prompt cache neither gave nor took; counts are totals so far, not differences. */
const readUsage = (usage: v.InferOutput<typeof UsageFields> | undefined): { usage?: Partial<Usage> } => {
  if (usage === undefined) return {}
  const {
    input_tokens: input,
    output_tokens: output,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
  } = usage
  return {
    usage: {
      ...(typeof input === "number"
        ? { inputTokens: input + (written ?? 0) + (read ?? 0), cachedInputTokens: read ?? 0 }
        : {}),
      ...(typeof output === "number" ? { outputTokens: output } : {}),
    },
  }
}

const readReason = (reason: string): FinishReason => {
  switch (reason) {
    case "end_turn":
    case "stop_sequence":
      return "stop"
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length"
    case "refusal":
      return "refusal"
    case "tool_use":
    case "pause_turn":
      return "tool_use"
    default:
      throw new MalformedEvent(`it ended for an unknown reason, "${reason.slice(0, 40)}"`)
  }
}

/** The status that each error has when it comes before the stream: https://platform.claude.com/docs/en/api/errors */
const statuses: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
}

const statusOf = (type: string | undefined): number => statuses[type ?? ""] ?? 500
