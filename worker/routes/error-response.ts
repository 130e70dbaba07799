import type { ErrorBody } from "../../contract/error-code.ts"
import { GatewayError, asGatewayError } from "../errors.ts"
import { ProviderFailure } from "../providers/provider.ts"

/** An error in the format of the endpoint that was called. */
export type ErrorFormat = "voltgate" | "openai"

/** OpenAI's clients know the routes that speak OpenAI's format; all others are our own. */
export const formatOf = (path: string): ErrorFormat =>
  path === "/v1/chat/completions" || path.startsWith("/v1/models") ? "openai" : "voltgate"

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

export const errorResponse = (error: GatewayError, format: ErrorFormat, requestId: string): Response =>
  Response.json(format === "openai" ? openAiErrorBody(error) : errorBody(error, requestId), {
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
