import type { AttemptFailure } from "../../contract/record.ts"
import { ProviderFailure } from "./provider.ts"
import { readRetryAfterMs } from "./retry-after.ts"

/** Whom we asked for what: enough to word a failure, and to keep the key out of it. */
export interface Asked {
  readonly provider: string
  readonly model: string
  readonly apiKey: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface ErrorAnswer {
  readonly status: number
  readonly headers: Headers
  /** The parsed body, or its text where it is no JSON. */
  readonly body: unknown
}

const maxUpstreamText = 300

/**
 * What an answer other than 2xx means.
 *
 * - 400, 413, 422: `caller_fault`, for every provider would say the same; `image_not_accepted` where it is about a picture
 * - 401, 402, 403, no money, no such key, whatever the status: `unauthorized`
 * - 429: `rate_limited` · 503, 529: `overloaded`
 * - all else: `server_error`, 404 among it: an unknown model is a fault of our settings, another candidate may answer
 */
export const failureFromAnswer = (asked: Asked, { status, headers, body }: ErrorAnswer): ProviderFailure => {
  const said = readErrorBody(body)
  const kind = kindOf(status, said)
  const retryAfterMs = mayRecover.has(kind) ? readRetryAfterMs(headers, said.retryDelay, asked.now()) : undefined
  return new ProviderFailure(kind, message(status, kind, said.text, asked), {
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** The same, for a response whose body was not read yet; at most 64 KiB of it should come (see guardFetch). */
export const failureFromResponse = async (asked: Asked, response: Response): Promise<ProviderFailure> => {
  const text = await response.text().catch(() => "")
  return failureFromAnswer(asked, { status: response.status, headers: response.headers, body: parsedOrText(text) })
}

/** Whatever a fetch or an SDK threw; an SDK's error for a status carries `status`, `headers` and the body in `error`. */
export const failureFromThrown = (asked: Asked, thrown: unknown): ProviderFailure => {
  if (thrown instanceof ProviderFailure) return thrown
  const status = at(thrown, "status")
  if (typeof status === "number") {
    const headers = at(thrown, "headers")
    const body = at(thrown, "error") ?? at(thrown, "message")
    return failureFromAnswer(asked, { status, headers: headers instanceof Headers ? headers : new Headers(), body })
  }
  return new ProviderFailure("network", `The connection failed: ${upstreamText(causes(thrown), asked.apiKey)}`)
}

/** Why the signal fired: the failure it was given, else the client left. */
export const failureFromAbort = (signal: AbortSignal): ProviderFailure =>
  signal.reason instanceof ProviderFailure
    ? signal.reason
    : new ProviderFailure("client_left", "The client left before the answer was complete.")

/** Text of a provider, fit for a log line or an answer: one line, without keys, at most 300 characters. */
const upstreamText = (text: string, apiKey: string | undefined): string => {
  const safe = withoutKeys(text, apiKey).replaceAll(/\s+/g, " ").trim()
  return safe.length > maxUpstreamText ? `${safe.slice(0, maxUpstreamText - 1)}…` : safe
}

/** Keys go first of all, so that none is cut in half and thereby missed. */
const withoutKeys = (text: string, apiKey: string | undefined): string =>
  (apiKey === undefined || apiKey === "" ? text : text.replaceAll(apiKey, "[key]"))
    .replaceAll(/\b(?:sk|rk|pk|sess)-[\w*.-]{4,}/g, "[key]")
    .replaceAll(/\bAIza[\w*-]{4,}|\bAQ\.[\w*-]{8,}/g, "[key]")
    .replaceAll(/\bBearer\s+\S+/gi, "Bearer [key]")

interface Said {
  readonly text: string
  readonly codes: readonly string[]
  /** Google's RetryInfo. */
  readonly retryDelay?: string
}

/** OpenAI, Anthropic and Google wrap `{ message, … }` in `error`; compatible servers say `error`, `message` or `detail` as text. */
const readErrorBody = (body: unknown): Said => {
  const whole: unknown = Array.isArray(body) ? body[0] : body
  const error = at(whole, "error") ?? whole
  const text = [at(error, "message"), error, at(error, "detail")].find((part) => typeof part === "string")
  const details = at(error, "details")
  const listed: readonly unknown[] = Array.isArray(details) ? details : [details]
  const codes = [at(error, "type"), at(error, "code"), at(error, "status")]
  const reasons = listed.flatMap((detail) => [at(detail, "reason"), at(detail, "error_code")])
  const retryDelay = listed.map((detail) => at(detail, "retryDelay")).find((delay) => typeof delay === "string")
  return {
    text: typeof text === "string" ? text : body === undefined || body === null ? "" : JSON.stringify(body),
    codes: [...codes, ...reasons].filter((code) => typeof code === "string"),
    ...(typeof retryDelay === "string" ? { retryDelay } : {}),
  }
}

/** The key or the account behind it is at fault, though the status says 400 or 429. */
const accountCodes: ReadonlySet<string> = new Set([
  "insufficient_quota",
  "billing_error",
  "billing_not_active",
  "billing_hard_limit_reached",
  "contract_spend_limit_reached",
  "enforced_spend_limit_reached",
  "API_KEY_INVALID",
  "API_KEY_EXPIRED",
  "FAILED_PRECONDITION",
])

/** The provider cannot take this picture; another one may. */
const imageCodes: ReadonlySet<string> = new Set([
  "image_dimensions_too_large",
  "image_file_too_large",
  "image_parse_error",
  "image_too_large",
  "image_too_small",
  "invalid_image",
  "invalid_image_format",
  "invalid_image_mode",
  "invalid_image_url",
  "unsupported_image_media_type",
])

const kindOf = (status: number, { codes, text }: Said): AttemptFailure => {
  if (codes.some((code) => accountCodes.has(code)) || /credit balance is too low/i.test(text)) return "unauthorized"
  switch (status) {
    case 400:
    case 413:
    case 422:
      return codes.some((code) => imageCodes.has(code)) ? "image_not_accepted" : "caller_fault"
    case 401:
    case 402:
    case 403:
      return "unauthorized"
    case 429:
      return "rate_limited"
    case 503:
    case 529:
      return "overloaded"
    default:
      return "server_error"
  }
}

const mayRecover: ReadonlySet<AttemptFailure> = new Set(["rate_limited", "overloaded", "server_error"])

const message = (status: number, kind: AttemptFailure, text: string, asked: Asked): string => {
  const said = text === "" ? "" : `: ${upstreamText(text, asked.apiKey)}`
  if (status === 404) {
    return `No model "${asked.model}" for this key at this address (404)${said} – check the model's name and the provider's base URL.`
  }
  if (status >= 300 && status < 400) {
    return `It sends us elsewhere (${status}), and no key is sent on – check the provider's base URL.`
  }
  const cure = kind === "unauthorized" ? " – check the provider's key and the account behind it." : ""
  return `Status ${status}${said}${cure}`
}

const parsedOrText = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The messages of an error and of what caused it, outermost first. */
const causes = (thrown: unknown): string => {
  const messages: string[] = []
  for (let error = thrown; error instanceof Error && messages.length < 4; error = error.cause)
    messages.push(error.message)
  return messages.length === 0 ? String(thrown) : messages.join(": ")
}

const at = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined
