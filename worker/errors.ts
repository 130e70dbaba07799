import type { ErrorCode, Problem } from "../contract/error-code.ts"

const statuses: Record<ErrorCode, number> = {
  invalid_json: 400,
  invalid_request: 400,
  invalid_key: 401,
  not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_configured: 503,
  body_too_large: 413,
  too_many_images: 400,
  image_missing: 400,
  image_corrupt: 422,
  image_too_large: 413,
  image_unsupported_type: 415,
  image_not_processable: 422,
  image_fetch_refused: 400,
  image_fetch_failed: 422,
  unknown_model: 404,
  provider_refused_request: 400,
  no_provider: 503,
  store_unavailable: 503,
  timeout: 504,
  history_unavailable: 503,
  client_closed_request: 499,
  internal: 500,
}

export interface ErrorDetails {
  readonly problems?: readonly Problem[]
  readonly retryAfterS?: number
  readonly cause?: unknown
}

/** The one error of the gateway. The code is for programs, the message tells a person what happened and what to do. */
export class GatewayError extends Error {
  override readonly name = "GatewayError"
  readonly code: ErrorCode
  readonly problems?: readonly Problem[]
  readonly retryAfterS?: number

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    if (details.problems !== undefined) this.problems = details.problems
    if (details.retryAfterS !== undefined) this.retryAfterS = details.retryAfterS
  }

  get status(): number {
    return statuses[this.code]
  }
}

/** Whatever was thrown, as a GatewayError. What we did not expect becomes `internal`; its text stays in the cause, for the log. */
export const asGatewayError = (thrown: unknown): GatewayError =>
  thrown instanceof GatewayError
    ? thrown
    : new GatewayError(
        "internal",
        "Something went wrong inside the gateway. The request id finds the details in its log.",
        { cause: thrown },
      )
