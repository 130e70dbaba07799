/** What can go wrong with a call to an API server, closed, for decisions and metrics. */
export type KubeErrorCode =
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "exists"
  | "invalid"
  | "too-many-requests"
  | "server-error"
  | "timeout"
  | "unreachable"
  | "unreadable"
  | "no-config"

/** The message is a sentence with the cure in it, and holds no secret. */
export class KubeError extends Error {
  override readonly name = "KubeError"
  readonly code: KubeErrorCode
  /** How long the server asked to wait. */
  readonly retryAfterMs: number | undefined
  constructor(
    code: KubeErrorCode,
    message: string,
    { retryAfterMs, cause }: { readonly retryAfterMs?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

/** Runs a read; `undefined` where what is asked for is not there. */
export const orUndefined = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work
  } catch (error) {
    if (error instanceof KubeError && error.code === "not-found") return undefined
    throw error
  }
}
