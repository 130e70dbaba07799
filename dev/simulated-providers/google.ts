import { invalid, readGoogle, rpc } from "./google-request.ts"
import type { Answer, Frame, WireFormat } from "./wire.ts"

const usageOf = ({ inputTokens, pictureTokens }: Answer, outputTokens: number) => ({
  promptTokenCount: inputTokens,
  candidatesTokenCount: outputTokens,
  totalTokenCount: inputTokens + outputTokens,
  promptTokensDetails: [
    { modality: "TEXT", tokenCount: inputTokens - pictureTokens },
    ...(pictureTokens === 0 ? [] : [{ modality: "IMAGE", tokenCount: pictureTokens }]),
  ],
})

const reply = (answer: Answer, text: string, outputTokens: number, isLast: boolean): object => ({
  candidates: [
    {
      content: { parts: [{ text }], role: "model" },
      ...(isLast ? { finishReason: answer.finish === "length" ? "MAX_TOKENS" : "STOP" } : {}),
      index: 0,
    },
  ],
  usageMetadata: usageOf(answer, outputTokens),
  modelVersion: answer.asked.model,
  responseId: answer.seed,
})

const frames: WireFormat["frames"] = (answer, pieces, sse) => {
  let sent = 0
  const replies = pieces.map((piece) => {
    sent += piece.tokens
    return { body: reply(answer, piece.data, Math.ceil(sent), false), tokens: piece.tokens }
  })
  const all = [...replies, { body: reply(answer, "", answer.outputTokens, true), tokens: 0 }]
  // Without alt=sse the stream is one long JSON array.
  return all.map(({ body, tokens }, index): Frame => {
    const json = JSON.stringify(body)
    if (sse) return { data: `data: ${json}\r\n\r\n`, tokens }
    return { data: `${index === 0 ? "[" : ",\r\n"}${json}${index === all.length - 1 ? "]" : ""}`, tokens }
  })
}

const badKeyText = "API key not valid. Please pass a valid API key."
/** Google says 400, not 401, to a wrong key: the reason in the details tells it from a bad request. */
const wrongKey = invalid(badKeyText, [
  rpc("ErrorInfo", {
    reason: "API_KEY_INVALID",
    domain: "googleapis.com",
    metadata: { service: "generativelanguage.googleapis.com" },
  }),
  rpc("LocalizedMessage", { locale: "en-US", message: badKeyText }),
])

/** The Gemini API's `generateContent` as ai.google.dev documents it. */
export const google: WireFormat = {
  wire: "google",
  maxBodyBytes: 100 * 2 ** 20,
  endpoint: (method, path, query) => {
    if (method === "GET" && path === "/v1beta/models") return { kind: "models" }
    const match = /^\/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent)$/.exec(path)
    if (method !== "POST" || match?.[1] === undefined) return undefined
    const stream = match[2] === "streamGenerateContent"
    return { kind: "generate", model: match[1], stream, sse: query.get("alt") === "sse" }
  },
  checkKey: (headers, query, apiKey) => {
    const key = headers["x-goog-api-key"] ?? query.get("key") ?? undefined
    if (key === undefined) {
      const message = "Method doesn't allow unregistered callers. Please use an API key."
      return { status: 403, type: "PERMISSION_DENIED", message }
    }
    return key === apiKey ? undefined : wrongKey
  },
  read: readGoogle,
  failure: (kind, retryAfterS) => {
    switch (kind) {
      case "error500":
        return { status: 500, type: "INTERNAL", message: "An internal error has occurred. Please retry." }
      case "overloaded":
        return { status: 503, type: "UNAVAILABLE", message: "The model is overloaded. Please try again later." }
      case "rate_limited":
        return {
          status: 429,
          type: "RESOURCE_EXHAUSTED",
          message: `You exceeded your current quota. Please retry in ${retryAfterS}s.`,
          details: [
            rpc("QuotaFailure", { violations: [{ quotaId: "GenerateRequestsPerMinutePerProjectPerModel" }] }),
            rpc("RetryInfo", { retryDelay: `${retryAfterS}s` }),
          ],
        }
      case "unauthorized":
        return wrongKey
    }
  },
  notJson: invalid("Invalid JSON payload received. Unable to parse the body."),
  bodyTooLarge: invalid(`Request payload size exceeds the limit: ${100 * 2 ** 20} bytes.`),
  unknownEndpoint: (method, path) => ({
    status: 404,
    type: "NOT_FOUND",
    message: `No method answers ${method} ${path}.`,
  }),
  headers: ({ processingMs }) => ({
    "server-timing": `gfet4t7; dur=${Math.round(processingMs)}`,
    vary: "Origin, X-Origin, Referer",
  }),
  refusalBody: ({ status, message, type, details }) => ({
    error: { code: status, message, status: type, ...(details === undefined ? {} : { details }) },
  }),
  models: () => ({
    models: ["gemini-3.5-flash", "gemini-3.1-pro-preview", "gemini-2.5-flash"].map((id) => ({
      name: `models/${id}`,
      displayName: `${id} (simulated)`,
      supportedGenerationMethods: ["generateContent"],
    })),
  }),
  whole: (answer) => reply(answer, answer.text, answer.outputTokens, true),
  frames,
}
