import { invalid, readAnthropic, versions } from "./anthropic-request.ts"
import type { Answer, Frame, Refusal, WireFormat } from "./wire.ts"

const usageOf = ({ inputTokens }: Answer, outputTokens: number) => ({
  input_tokens: inputTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  output_tokens: outputTokens,
  service_tier: "standard",
})

const stopReasons: Record<Answer["finish"], string> = {
  stop: "end_turn",
  length: "max_tokens",
  stop_sequence: "stop_sequence",
}
const ending = (answer: Answer) => ({
  stop_reason: stopReasons[answer.finish],
  stop_sequence: answer.stopSequence ?? null,
})

const heading = (answer: Answer) => ({
  id: `msg_${answer.seed}`,
  type: "message",
  role: "assistant",
  model: answer.asked.model,
})

const whole = (answer: Answer): object => ({
  ...heading(answer),
  content: [{ type: "text", text: answer.text }],
  ...ending(answer),
  usage: usageOf(answer, answer.outputTokens),
})

const frames: WireFormat["frames"] = (answer, pieces) => {
  const event = (type: string, rest: object, tokens = 0): Frame => ({
    data: `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`,
    tokens,
  })
  const start = { ...heading(answer), content: [], stop_reason: null, stop_sequence: null, usage: usageOf(answer, 1) }
  return [
    event("message_start", { message: start }),
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    event("ping", {}),
    ...pieces.map((piece) =>
      event("content_block_delta", { index: 0, delta: { type: "text_delta", text: piece.data } }, piece.tokens),
    ),
    event("content_block_stop", { index: 0 }),
    event("message_delta", { delta: ending(answer), usage: usageOf(answer, answer.outputTokens) }),
    event("message_stop", {}),
  ]
}

const wrongKey: Refusal = { status: 401, type: "authentication_error", message: "invalid x-api-key" }

/** The Messages API as platform.claude.com documents it. */
export const anthropic: WireFormat = {
  wire: "anthropic",
  maxBodyBytes: 32 * 2 ** 20,
  endpoint: (method, path) => {
    if (method === "POST" && path === "/v1/messages") return { kind: "generate", sse: true }
    return method === "GET" && path === "/v1/models" ? { kind: "models" } : undefined
  },
  checkKey: (headers, _query, apiKey) => {
    // Either header will do, as newer SDKs send a bearer; where both come, x-api-key counts.
    const key = headers["x-api-key"] ?? headers.authorization?.replace(/^Bearer /, "")
    if (key === undefined) return { ...wrongKey, message: "x-api-key header is required" }
    if (key !== apiKey) return wrongKey
    const version = headers["anthropic-version"]
    if (version === undefined) return invalid("anthropic-version: header is required")
    return versions.some((known) => known === version)
      ? undefined
      : invalid(`anthropic-version: "${String(version)}" is not a valid version`)
  },
  read: readAnthropic,
  failure: (kind, retryAfterS) => {
    switch (kind) {
      case "error500":
        return { status: 500, type: "api_error", message: "Internal server error" }
      case "overloaded":
        return { status: 529, type: "overloaded_error", message: "Overloaded" }
      case "rate_limited":
        return {
          status: 429,
          type: "rate_limit_error",
          message: "This request would exceed your organization's rate limit.",
          retryAfterS,
        }
      case "unauthorized":
        return wrongKey
    }
  },
  notJson: invalid("The request body is not valid JSON."),
  bodyTooLarge: { status: 413, type: "request_too_large", message: "Request exceeds the maximum size of 32 MB." },
  unknownEndpoint: () => ({ status: 404, type: "not_found_error", message: "Not Found" }),
  headers: ({ requestId, quota, now, retryAfterS }) => ({
    "request-id": requestId,
    "anthropic-organization-id": "simulated",
    "anthropic-ratelimit-requests-limit": String(quota.limitRequests),
    "anthropic-ratelimit-requests-remaining": String(quota.remainingRequests),
    "anthropic-ratelimit-requests-reset": new Date(now + quota.resetRequestsMs).toISOString(),
    "anthropic-ratelimit-tokens-limit": String(quota.limitTokens),
    "anthropic-ratelimit-tokens-remaining": String(quota.remainingTokens),
    "anthropic-ratelimit-tokens-reset": new Date(now + quota.resetTokensMs).toISOString(),
    ...(retryAfterS === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterS)) }),
  }),
  refusalBody: ({ type, message }, requestId) => ({ type: "error", error: { type, message }, request_id: requestId }),
  models: (createdS) => {
    const ids = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-4-5"]
    const created = new Date(createdS * 1000).toISOString()
    return {
      data: ids.map((id) => ({ type: "model", id, display_name: `${id} (simulated)`, created_at: created })),
      has_more: false,
      first_id: ids[0],
      last_id: ids.at(-1),
    }
  },
  whole,
  frames,
}
