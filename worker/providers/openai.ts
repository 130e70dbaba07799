import OpenAI from "openai"
import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions"
import * as v from "valibot"
import type { Detail, FinishReason } from "../../contract/analyze.ts"
import { MalformedEvent, readJson, streamAnswer } from "./answer-stream.ts"
import type { Finding } from "./answer-stream.ts"
import { failureFromAnswer } from "./failure.ts"
import type { Asked } from "./failure.ts"
import { guardFetch } from "./guard-fetch.ts"
import { findModel, outputLimit } from "./models.ts"
import { pictureData } from "./picture-data.ts"
import type { Part, Prompt, Provider, ProviderOptions, Turn } from "./provider.ts"
import type { ServerSentEvent } from "./sse.ts"

/**
 * OpenAI's Chat Completions, and any server that speaks them (vLLM, Ollama, …) by its base URL. The provider named
 * `openai` is OpenAI itself, wherever its base URL leads; others are spoken to in the older words that all servers know.
 */
export const createOpenAiProvider = (options: ProviderOptions): Provider => {
  const { name, apiKey, simulated, models, now = Date.now } = options
  const baseUrl = (options.baseUrl ?? "https://api.openai.com/v1").replace(/\/+$/, "")
  const client = createClient(baseUrl, options)
  return {
    name,
    wire: "openai",
    simulated,
    ...(models === undefined ? {} : { models }),
    ask: (model, prompt, signal) => {
      const asked: Asked = { provider: name, model, apiKey, now }
      return streamAnswer(
        asked,
        {
          // The SDK's own stream holds events of any length; ours is bounded, and the same for all providers.
          open: (upstream) =>
            client.chat.completions.create(toRequest(name, model, prompt), { signal: upstream }).asResponse(),
          read: (event) => readChunk(asked, event),
          mayBeEmpty: prompt.stop !== undefined,
        },
        signal,
      )
    },
    relay: {
      url: `${baseUrl}/chat/completions`,
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    },
  }
}

/** Everything that the SDK would otherwise look up in the environment is said here. */
const createClient = (baseUrl: string, { apiKey, fetch }: ProviderOptions): OpenAI =>
  new OpenAI({
    apiKey: apiKey ?? "none",
    ...(apiKey === undefined ? { defaultHeaders: { authorization: null } } : {}),
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: baseUrl,
    fetch: guardFetch(fetch),
    maxRetries: 0,
    logLevel: "off",
  })

const toRequest = (name: string, model: string, prompt: Prompt): ChatCompletionCreateParamsStreaming => {
  const isOpenAi = name === "openai"
  const known = isOpenAi ? findModel({ provider: "openai", model }) : undefined
  // OpenAI's thinking models refuse to be sampled; of other servers' models we know nothing, and their users may ask.
  const sampled = known?.acceptsTemperature ?? !isOpenAi
  const limit = outputLimit(known, prompt.maxOutputTokens)
  return {
    model,
    messages: [
      ...(prompt.system === "" ? [] : [{ role: "system" as const, content: prompt.system }]),
      ...prompt.turns.map((turn) => toMessage(turn, prompt, toDetail(prompt.detail, known?.acceptsOriginal === true))),
    ],
    stream: true,
    stream_options: { include_usage: true },
    ...(limit === undefined ? {} : isOpenAi ? { max_completion_tokens: limit } : { max_tokens: limit }),
    ...(sampled && prompt.temperature !== undefined ? { temperature: prompt.temperature } : {}),
    ...(sampled && prompt.topP !== undefined ? { top_p: prompt.topP } : {}),
    ...(prompt.stop === undefined ? {} : { stop: [...prompt.stop] }),
    ...(prompt.schema === undefined
      ? {}
      : {
          response_format: {
            type: "json_schema",
            // Strict mode takes closed objects only; a client's own schema may be an open one.
            json_schema: { ...prompt.schema, strict: prompt.schema.schema["additionalProperties"] === false },
          },
        }),
  }
}

/** Models and servers that do not know `original` refuse the request; `high` is the most that they take. */
const toDetail = (detail: Detail, acceptsOriginal: boolean): Detail =>
  detail === "original" && !acceptsOriginal ? "high" : detail

const toMessage = ({ role, parts }: Turn, prompt: Prompt, detail: Detail): ChatCompletionMessageParam =>
  role === "user"
    ? { role, content: parts.map((part) => toContent(part, prompt, detail)) }
    : { role, content: parts.map((part) => (part.type === "text" ? part.text : "")).join("") }

const toContent = (part: Part, prompt: Prompt, detail: Detail): ChatCompletionContentPart => {
  if (part.type === "text") return part
  const { mediaType, base64 } = pictureData(prompt, part.image, ["png", "jpeg", "webp", "gif"])
  return { type: "image_url", image_url: { url: `data:${mediaType};base64,${base64}`, detail } }
}

const count = v.pipe(v.number(), v.minValue(0))

const Chunk = v.object({
  model: v.nullish(v.string()),
  choices: v.nullish(
    v.array(
      v.object({
        delta: v.nullish(v.object({ content: v.nullish(v.string()), refusal: v.nullish(v.string()) })),
        finish_reason: v.nullish(v.string()),
      }),
    ),
  ),
  usage: v.nullish(
    v.object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: v.nullish(v.object({ cached_tokens: v.nullish(count) })),
    }),
  ),
  error: v.optional(v.unknown()),
})

const readChunk = (asked: Asked, event: ServerSentEvent): Finding => {
  if (event.data === "[DONE]") return { done: true }
  const { model, choices, usage, error } = readJson(Chunk, event)
  if (error !== undefined && error !== null) {
    throw failureFromAnswer(asked, { status: statusIn(error), headers: new Headers(), body: { error } })
  }
  const choice = choices?.[0]
  const refusal = choice?.delta?.refusal ?? ""
  const reason = choice?.finish_reason ?? undefined
  return {
    text: (choice?.delta?.content ?? "") + refusal,
    ...(reason === undefined ? {} : { finishReason: readReason(reason) }),
    // A refusal in words ends with `stop`.
    ...(refusal === "" ? {} : { refused: true }),
    ...(typeof model === "string" ? { model } : {}),
    ...(usage === undefined || usage === null
      ? {}
      : {
          usage: {
            inputTokens: usage.prompt_tokens,
            outputTokens: usage.completion_tokens,
            cachedInputTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
          },
        }),
  }
}

const readReason = (reason: string): FinishReason => {
  switch (reason) {
    case "stop":
      return "stop"
    case "length":
      return "length"
    case "content_filter":
      return "refusal"
    case "tool_calls":
    case "function_call":
      return "tool_use"
    default:
      throw new MalformedEvent(`it ended for an unknown reason, "${reason.slice(0, 40)}"`)
  }
}

/** An error in the stream has a code that is a status (compatible servers), or a word. */
const statusIn = (error: unknown): number => {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined
  if (typeof code === "number" && code >= 400 && code < 600) return code
  return code === "rate_limit_exceeded" ? 429 : 500
}
