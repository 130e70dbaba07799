import { ApiError, statusOf } from "./api-error.ts"
import type { ApiCore, ApiRequest, ApiResponse } from "./api-core.ts"

export const apiFaults = ["500", "429", "409", "slow", "cut-before", "cut-after", "stale"] as const
/**
 * What may go wrong with one request: the server refuses it (500, 429, 409), takes its time, cuts the connection before or
 * after it did what was asked, or answers a read with what was true before the last change.
 */
export type ApiFault = (typeof apiFaults)[number]

/** An answer, or a connection that ends without one. */
export type FaultyResponse = ApiResponse | "cut" | { readonly afterMs: number; readonly response: ApiResponse }

/** The server with faults, one of which `next` may name for each request. */
export const withFaults = (
  core: Pick<ApiCore, "handle">,
  next: (request: ApiRequest) => ApiFault | undefined,
  slowMs: number,
): ((request: ApiRequest) => FaultyResponse) => {
  const seen = new Map<string, ApiResponse>()
  return (request) => {
    const fault = next(request)
    const refuse = (status: number, reason: string, headers: Readonly<Record<string, string>> = {}): ApiResponse => ({
      status,
      body: JSON.stringify(statusOf(new ApiError(status, reason, `a fault: ${reason}`))),
      headers,
    })
    switch (fault) {
      case "500":
        return refuse(500, "InternalError")
      case "429":
        return refuse(429, "TooManyRequests", { "retry-after": "1" })
      case "409":
        return request.method === "PUT" ? refuse(409, "Conflict") : core.handle(request)
      case "cut-before":
        return "cut"
      case "cut-after":
        core.handle(request)
        return "cut"
      case "slow":
        return { afterMs: slowMs, response: core.handle(request) }
      case "stale":
        return (request.method === "GET" ? seen.get(request.path) : undefined) ?? core.handle(request)
      case undefined: {
        const response = core.handle(request)
        if (request.method === "GET") seen.set(request.path, response)
        return response
      }
    }
  }
}
