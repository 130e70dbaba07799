export interface KubeRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE"
  /** From the server's root, with its query. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
}

export interface KubeResponse {
  readonly status: number
  readonly text: string
  readonly retryAfterMs?: number
}

/** Sends one request, within a deadline for all of it. Throws a KubeError: `timeout`, `unreachable` or `no-config`. */
export type Transport = (request: KubeRequest, deadlineMs: number) => Promise<KubeResponse>
