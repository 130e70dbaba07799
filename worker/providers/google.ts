import * as v from "valibot"
import type { Detail, FinishReason } from "../../contract/analyze.ts"
import { MalformedEvent, readJson, streamAnswer } from "./answer-stream.ts"
import type { Finding } from "./answer-stream.ts"
import { failureFromAnswer } from "./failure.ts"
import type { Asked } from "./failure.ts"
import { guardFetch } from "./guard-fetch.ts"
import { findModel, outputLimit } from "./models.ts"
import { pictureData } from "./picture-data.ts"
import type { JsonSchema, Part, Prompt, Provider, ProviderOptions, Turn } from "./provider.ts"
import type { ServerSentEvent } from "./sse.ts"

/** Google's Gemini API, by REST: its SDK would be a quarter of the whole bundle. The key travels in a header, never in a URL. */
export const createGoogleProvider = (options: ProviderOptions & { readonly apiKey: string }): Provider => {
  const { name, apiKey, simulated, models, now = Date.now } = options
  const baseUrl = (options.baseUrl ?? "https://generativelanguage.googleapis.com").replace(/\/+$/, "")
  const fetch = guardFetch(options.fetch)
  return {
    name,
    wire: "google",
    simulated,
    ...(models === undefined ? {} : { models }),
    ask: (model, prompt, signal) => {
      const asked: Asked = { provider: name, model, apiKey, now }
      const path = encodeURIComponent(model.replace(/^models\//, ""))
      return streamAnswer(
        asked,
        {
          open: async (upstream) =>
            fetch(`${baseUrl}/v1beta/models/${path}:streamGenerateContent?alt=sse`, {
              method: "POST",
              headers: { "content-type": "application/json", "x-goog-api-key": apiKey },
              body: JSON.stringify(toRequest(model, prompt)),
              signal: upstream,
            }),
          read: (event) => readChunk(asked, event),
          mayBeEmpty: prompt.stop !== undefined,
        },
        signal,
      )
    },
  }
}

/** https://ai.google.dev/api/generate-content */
interface Request {
  readonly systemInstruction?: { readonly parts: readonly RequestPart[] }
  readonly contents: readonly { readonly role: "user" | "model"; readonly parts: readonly RequestPart[] }[]
  readonly generationConfig: {
    readonly maxOutputTokens?: number
    readonly temperature?: number
    readonly topP?: number
    readonly stopSequences?: readonly string[]
    readonly mediaResolution?: Resolution
    readonly responseMimeType?: "application/json"
    readonly responseJsonSchema?: JsonSchema
  }
}

type RequestPart =
  | { readonly text: string }
  | {
      readonly inlineData: { readonly mimeType: string; readonly data: string }
      readonly mediaResolution?: { readonly level: Resolution }
    }

type Resolution = "MEDIA_RESOLUTION_LOW" | "MEDIA_RESOLUTION_HIGH" | "MEDIA_RESOLUTION_ULTRA_HIGH"

const toRequest = (model: string, prompt: Prompt): Request => {
  const known = findModel({ provider: "google", model })
  const limit = outputLimit(known, prompt.maxOutputTokens)
  const sampled = known?.acceptsTemperature === true
  const { overall, perPicture } = chooseResolution(prompt.detail, known?.acceptsOriginal === true)
  return {
    ...(prompt.system === "" ? {} : { systemInstruction: { parts: [{ text: prompt.system }] } }),
    contents: prompt.turns.map((turn) => toContent(turn, prompt, perPicture)),
    generationConfig: {
      ...(limit === undefined ? {} : { maxOutputTokens: limit }),
      ...(sampled && prompt.temperature !== undefined ? { temperature: prompt.temperature } : {}),
      ...(sampled && prompt.topP !== undefined ? { topP: prompt.topP } : {}),
      ...(prompt.stop === undefined ? {} : { stopSequences: prompt.stop }),
      ...(overall === undefined ? {} : { mediaResolution: overall }),
      ...(prompt.schema === undefined
        ? {}
        : { responseMimeType: "application/json", responseJsonSchema: prompt.schema.schema }),
    },
  }
}

/** Ultra high is for single pictures of models that know it; everywhere else high is the most. */
const chooseResolution = (
  detail: Detail,
  acceptsOriginal: boolean,
): { readonly overall?: Resolution; readonly perPicture?: Resolution } => {
  if (detail === "original" && acceptsOriginal) return { perPicture: "MEDIA_RESOLUTION_ULTRA_HIGH" }
  if (detail === "auto") return {}
  return { overall: detail === "low" ? "MEDIA_RESOLUTION_LOW" : "MEDIA_RESOLUTION_HIGH" }
}

const toContent = (
  { role, parts }: Turn,
  prompt: Prompt,
  resolution: Resolution | undefined,
): Request["contents"][number] => ({
  role: role === "user" ? "user" : "model",
  parts: parts.map((part) => toPart(part, prompt, resolution)),
})

const toPart = (part: Part, prompt: Prompt, level: Resolution | undefined): RequestPart => {
  if (part.type === "text") return { text: part.text }
  const { mediaType, base64 } = pictureData(prompt, part.image, ["png", "jpeg", "webp", "heic"])
  return {
    inlineData: { mimeType: mediaType, data: base64 },
    ...(level === undefined ? {} : { mediaResolution: { level } }),
  }
}

const count = v.nullish(v.pipe(v.number(), v.minValue(0)))

const Chunk = v.object({
  modelVersion: v.optional(v.string()),
  promptFeedback: v.optional(v.object({ blockReason: v.optional(v.string()) })),
  candidates: v.optional(
    v.array(
      v.object({
        content: v.optional(
          v.object({
            parts: v.optional(v.array(v.object({ text: v.optional(v.string()), thought: v.optional(v.boolean()) }))),
          }),
        ),
        finishReason: v.optional(v.string()),
      }),
    ),
  ),
  usageMetadata: v.optional(
    v.object({
      promptTokenCount: count,
      candidatesTokenCount: count,
      thoughtsTokenCount: count,
      cachedContentTokenCount: count,
    }),
  ),
  error: v.optional(v.object({ code: v.optional(v.number()) })),
})

const readChunk = (asked: Asked, event: ServerSentEvent): Finding => {
  const { modelVersion, promptFeedback, candidates, usageMetadata: usage, error } = readJson(Chunk, event)
  if (error !== undefined) {
    const body: unknown = JSON.parse(event.data)
    throw failureFromAnswer(asked, { status: error.code ?? 500, headers: new Headers(), body })
  }
  const candidate = candidates?.[0]
  const reason = promptFeedback?.blockReason === undefined ? candidate?.finishReason : "SAFETY"
  return {
    text: (candidate?.content?.parts ?? []).map((part) => (part.thought === true ? "" : (part.text ?? ""))).join(""),
    ...(reason === undefined ? {} : { finishReason: readReason(reason) }),
    ...(modelVersion === undefined ? {} : { model: modelVersion }),
    ...(usage === undefined
      ? {}
      : {
          usage: {
            inputTokens: usage.promptTokenCount ?? 0,
            outputTokens: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
            cachedInputTokens: usage.cachedContentTokenCount ?? 0,
          },
        }),
  }
}

const readReason = (reason: string): FinishReason => {
  switch (reason) {
    case "STOP":
      return "stop"
    case "MAX_TOKENS":
      return "length"
    case "SAFETY":
    case "RECITATION":
    case "LANGUAGE":
    case "BLOCKLIST":
    case "PROHIBITED_CONTENT":
    case "SPII":
    case "IMAGE_SAFETY":
      return "refusal"
    default:
      // OTHER, MALFORMED_RESPONSE, calls of tools that nobody offered, …
      throw new MalformedEvent(`it ended with ${reason.slice(0, 40)}`)
  }
}
