import { readOpenAi, refusal } from "./openai-request.ts"
import type { Answer, Frame, WireFormat } from "./wire.ts"

const usageOf = ({ inputTokens, pictureTokens, outputTokens }: Answer) => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
  prompt_tokens_details: {
    cached_tokens: 0,
    audio_tokens: 0,
    text_tokens: inputTokens - pictureTokens,
    image_tokens: pictureTokens,
  },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
})

const finishReason = (answer: Answer) => (answer.finish === "length" ? "length" : "stop")

const heading = (answer: Answer, object: string) => ({
  id: `chatcmpl-${answer.seed}`,
  object,
  created: Math.floor(answer.at / 1000),
  model: answer.asked.model,
  service_tier: "default",
})

const whole = (answer: Answer): object => ({
  ...heading(answer, "chat.completion"),
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: answer.text, refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: finishReason(answer),
    },
  ],
  usage: usageOf(answer),
})

const frames: WireFormat["frames"] = (answer, pieces) => {
  const { usageInStream } = answer.asked
  const event = (rest: object, tokens = 0): Frame => ({
    data: `data: ${JSON.stringify({ ...heading(answer, "chat.completion.chunk"), ...(usageInStream ? { usage: null } : {}), ...rest })}\n\n`,
    tokens,
  })
  const choice = (delta: object, finish: string | null = null) => ({
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  })
  return [
    event(choice({ role: "assistant", content: "", refusal: null })),
    ...pieces.map((piece) => event(choice({ content: piece.data }), piece.tokens)),
    event(choice({}, finishReason(answer))),
    ...(usageInStream ? [event({ choices: [], usage: usageOf(answer) })] : []),
    { data: "data: [DONE]\n\n", tokens: 0 },
  ]
}

/** Go's way to write a duration, as these headers do. */
const duration = (ms: number): string => {
  if (ms < 1000) return `${ms}ms`
  const [minutes, seconds] = [Math.floor(ms / 60_000), (ms % 60_000) / 1000]
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`
}

const wrongKey = refusal(
  401,
  "Incorrect API key provided. Check the key that the gateway was given.",
  "invalid_api_key",
)

/** Chat Completions as developers.openai.com documents it. */
export const openai: WireFormat = {
  wire: "openai",
  maxBodyBytes: 64 * 2 ** 20,
  endpoint: (method, path) => {
    if (method === "POST" && path === "/v1/chat/completions") return { kind: "generate", sse: true }
    return method === "GET" && path === "/v1/models" ? { kind: "models" } : undefined
  },
  checkKey: ({ authorization }, _query, apiKey) => {
    if (authorization === undefined) {
      return refusal(401, "You didn't provide an API key. Provide it in the header 'Authorization: Bearer YOUR_KEY'.")
    }
    return authorization === `Bearer ${apiKey}` ? undefined : wrongKey
  },
  read: readOpenAi,
  failure: (kind, retryAfterS) => {
    switch (kind) {
      case "error500":
        return refusal(500, "The server had an error while processing your request. Sorry about that!")
      case "overloaded":
        return { ...refusal(503, "The engine is currently overloaded, please try again later."), retryAfterS }
      case "rate_limited":
        return {
          ...refusal(429, `Rate limit reached. Please try again in ${retryAfterS}s.`, "rate_limit_exceeded"),
          type: "requests",
          retryAfterS,
        }
      case "unauthorized":
        return wrongKey
    }
  },
  notJson: refusal(400, "We could not parse the JSON body of your request: it is not valid JSON."),
  bodyTooLarge: refusal(413, "Maximum content size limit exceeded: send less than 64 MiB."),
  unknownEndpoint: (method, path) => refusal(404, `Invalid URL (${method} ${path})`),
  headers: ({ requestId, processingMs, quota, retryAfterS }) => ({
    "x-request-id": requestId,
    "openai-processing-ms": String(Math.round(processingMs)),
    "openai-version": "2020-10-01",
    "x-ratelimit-limit-requests": String(quota.limitRequests),
    "x-ratelimit-remaining-requests": String(quota.remainingRequests),
    "x-ratelimit-reset-requests": duration(quota.resetRequestsMs),
    "x-ratelimit-limit-tokens": String(quota.limitTokens),
    "x-ratelimit-remaining-tokens": String(quota.remainingTokens),
    "x-ratelimit-reset-tokens": duration(quota.resetTokensMs),
    ...(retryAfterS === undefined
      ? {}
      : { "retry-after": String(Math.ceil(retryAfterS)), "retry-after-ms": String(Math.round(retryAfterS * 1000)) }),
  }),
  refusalBody: ({ message, type, param, code }) => ({
    error: { message, type, param: param ?? null, code: code ?? null },
  }),
  models: (createdS) => ({
    object: "list",
    data: ["gpt-6-sol", "gpt-5.6-terra", "gpt-5.4-mini", "gpt-4o"].map((id) => ({
      id,
      object: "model",
      created: createdS,
      owned_by: "simulated",
    })),
  }),
  whole,
  frames,
}
