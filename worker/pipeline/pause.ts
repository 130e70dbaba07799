import { GatewayError } from "../errors.ts"

/** Resolves after the time; rejects when the client leaves before. */
export const pause = (ms: number, left: AbortSignal): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const leave = (): void =>
    reject(new GatewayError("client_closed_request", "The client left before there was room for its request."))
  if (left.aborted) leave()
  else left.addEventListener("abort", leave, { once: true })
  const timer = setTimeout(resolve, ms)
  return promise.finally(() => {
    clearTimeout(timer)
    left.removeEventListener("abort", leave)
  })
}
