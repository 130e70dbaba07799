/** Every way in which the gateway can refuse or fail; a client may branch on these, and metrics are labeled with them. */
export const errorCodes = [
  "invalid_json",
  "invalid_request",
  "invalid_key",
  "not_allowed",
  "not_found",
  "method_not_allowed",
  "not_configured",
  "body_too_large",
  "too_many_images",
  "image_missing",
  "image_corrupt",
  "image_too_large",
  "image_unsupported_type",
  "image_not_processable",
  "image_fetch_refused",
  "image_fetch_failed",
  "unknown_model",
  "provider_refused_request",
  "no_provider",
  "store_unavailable",
  "timeout",
  "history_unavailable",
  "client_closed_request",
  "internal",
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** One thing that is wrong with a request: where, and what. */
export interface Problem {
  /** Path into the body, e.g. `images[2]`; empty for the body as a whole. */
  readonly path: string
  readonly message: string
}

/** The body of an error from Voltgate's own endpoints. */
export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode
    readonly message: string
    readonly requestId: string
    readonly problems?: readonly Problem[]
    readonly retryAfterS?: number
  }
}
