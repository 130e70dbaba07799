import type { ErrorBody } from "../../contract/error-code.ts"
import { GatewayError, asGatewayError } from "../errors.ts"
import { ProviderFailure } from "../providers/provider.ts"

/** An error in the format of the endpoint that was called. */
export type ErrorFormat = "voltgate" | "openai" | "anthropic"

/** The makers' clients know the routes that speak their formats; all others are our own. */
export const formatOf = (path: string): ErrorFormat => {
  if (path === "/v1/chat/completions" || path.startsWith("/v1/models")) return "openai"
  return path === "/v1/messages" ? "anthropic" : "voltgate"
}

export const errorBody = (error: GatewayError, requestId: string): ErrorBody => ({
  error: {
    code: error.code,
    message: error.message,
    requestId,
    ...(error.problems === undefined ? {} : { problems: error.problems }),
    ...(error.retryAfterS === undefined ? {} : { retryAfterS: error.retryAfterS }),
  },
})

/** OpenAI's error object, with our code in it; `param` is the first path that is wrong. */
export const openAiErrorBody = (error: GatewayError): unknown => ({
  error: {
    message: error.message,
    type: openAiType(error.status),
    param: error.problems?.[0]?.path ?? null,
    code: error.code,
  },
})

const openAiType = (status: number): string => {
  if (status === 401) return "authentication_error"
  if (status === 403) return "permission_error"
  if (status === 429) return "rate_limit_error"
  return status < 500 ? "invalid_request_error" : "server_error"
}

/** What Anthropic's error objects and error events hold beside their `type`, with our code in it. */
export const anthropicError = (error: GatewayError, requestId: string): { error: unknown; request_id: string } => ({
  error: { type: anthropicType(error.status), message: error.message, code: error.code },
  request_id: requestId,
})

const anthropicType = (status: number): string => {
  switch (status) {
    case 401:
      return "authentication_error"
    case 403:
      return "permission_error"
    case 404:
      return "not_found_error"
    case 413:
      return "request_too_large"
    case 429:
      return "rate_limit_error"
    case 503:
      return "overloaded_error"
    case 504:
      return "timeout_error"
    default:
      return status < 500 ? "invalid_request_error" : "api_error"
  }
}

const bodyIn: Readonly<Record<ErrorFormat, (error: GatewayError, requestId: string) => unknown>> = {
  voltgate: errorBody,
  openai: openAiErrorBody,
  anthropic: (error, requestId) => ({ type: "error", ...anthropicError(error, requestId) }),
}

export const errorResponse = (error: GatewayError, format: ErrorFormat, requestId: string): Response =>
  Response.json(bodyIn[format](error, requestId), {
    status: error.status,
    headers: {
      "x-voltgate-request-id": requestId,
      ...(error.retryAfterS === undefined ? {} : { "retry-after": String(error.retryAfterS) }),
    },
  })

/** What a client hears when an answer breaks off after its first byte. */
export const brokenOff = (error: unknown): GatewayError =>
  error instanceof ProviderFailure
    ? new GatewayError(
        error.kind.endsWith("_timeout") ? "timeout" : "no_provider",
        `The answer broke off: ${error.message} What came so far is incomplete; ask again.`,
        { cause: error },
      )
    : asGatewayError(error)
