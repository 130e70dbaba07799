import type { Observation } from "../../contract/provider-board.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import type { RequestContext } from "../request-context.ts"
import { modelId } from "../routing/model-ref.ts"
import type { ModelRef } from "../routing/model-ref.ts"
import { rankCandidates } from "../routing/rank-candidates.ts"
import { replaceString } from "../wire/find-top-level-string.ts"
import type { FoundString } from "../wire/find-top-level-string.ts"
import { readRetryAfterMs } from "../providers/retry-after.ts"

/** A body in the provider's own format, and where in it the model's name stands. */
export interface RelayBody {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly model: FoundString
}

/** What may go on to the provider; all else (keys, cookies, our own headers) stays here. */
const forwardedRequestHeaders = ["content-type", "accept", "openai-beta", "idempotency-key", "traceparent"]
/** What the connection between the provider and us needs, and nobody else. */
const droppedResponseHeaders =
  "connection keep-alive transfer-encoding content-encoding set-cookie alt-svc server openai-organization openai-project".split(
    " ",
  )

/**
 * Forwards a body as it came and the answer as it comes: neither is parsed. With several candidates a failure moves on
 * to the next; the last one's answer is the client's, whatever it is.
 */
export const relay = async (
  body: RelayBody,
  candidates: readonly ModelRef[],
  context: RequestContext,
  gateway: Gateway,
): Promise<Response> => {
  const { ports } = gateway
  const now = ports.now()
  const ranked =
    candidates.length === 1
      ? candidates
      : rankCandidates(candidates, ports.board.snapshot(now), {
          inFlightHere: ports.board.inFlightHere,
          now,
          random: ports.random,
        })
  let attempts = 0
  let failure: Response | GatewayError | undefined
  for (const candidate of ranked) {
    attempts++
    const result = await forward(body, candidate, context, gateway)
    failure = result instanceof Response ? describe(result, candidate, attempts, context) : result
    if (failure instanceof Response && !mayMoveOn(failure.status)) break
  }
  if (failure instanceof Response) {
    ports.log({
      message: "forwarded",
      requestId: context.id,
      tenant: context.caller.tenant,
      endpoint: context.endpoint,
      status: failure.status,
      "gen_ai.provider.name": failure.headers.get("x-voltgate-provider"),
      "gen_ai.request.model": failure.headers.get("x-voltgate-model"),
      attempts,
      headMs: context.watch.elapsedMs(),
    })
    return failure
  }
  throw failure ?? new GatewayError("no_provider", "No provider is allowed for this request.")
}

const mayMoveOn = (status: number): boolean => status === 408 || status === 409 || status === 429 || status >= 500

const forward = async (
  { bytes, model }: RelayBody,
  candidate: ModelRef,
  { request }: RequestContext,
  { ports, settings, providers }: Gateway,
): Promise<Response | GatewayError> => {
  const target = providers.get(candidate.provider)?.relay
  if (target === undefined) return new GatewayError("internal", `${modelId(candidate)} takes no forwarded bodies.`)
  const flight = ports.board.began(modelId(candidate))
  const startedAt = ports.now()
  const report = (news: Pick<Observation, "ok" | "restMs" | "responseTimeMs"> | undefined): void => {
    const at = ports.now()
    flight.ended(news === undefined ? undefined : { candidate: modelId(candidate), ...news, at })
    ports.background(ports.board.sync(at))
  }
  const patience = new AbortController()
  const leave = (): void => patience.abort(request.signal.reason)
  request.signal.addEventListener("abort", leave)
  const timer = setTimeout(() => patience.abort(), settings.timeouts.firstByteMs)
  try {
    const response = await ports.fetch(target.url, {
      method: "POST",
      headers: forwardedHeaders(request.headers, target.headers),
      body: candidate.model === model.value ? bytes : replaceString(bytes, model, candidate.model),
      signal: patience.signal,
      redirect: "manual",
    })
    report(newsOf(response, ports.now() - startedAt, ports.now()))
    if (response.status !== 401 && response.status !== 403) return response
    // The provider's own words may repeat the key that it refused.
    await response.body?.cancel()
    return new GatewayError(
      "no_provider",
      `${candidate.provider} refused the gateway's own key (${response.status}). Set a valid one for it.`,
    )
  } catch (cause) {
    const left = request.signal.aborted
    report(left ? undefined : { ok: false })
    if (left) throw new GatewayError("client_closed_request", "The client left before the answer came.", { cause })
    return patience.signal.aborted
      ? new GatewayError("timeout", `${modelId(candidate)} sent no byte in ${settings.timeouts.firstByteMs} ms.`, {
          cause,
        })
      : new GatewayError("no_provider", `${modelId(candidate)} could not be reached.`, { cause, retryAfterS: 5 })
  } finally {
    clearTimeout(timer)
  }
}

const newsOf = (
  { status, ok, headers }: Response,
  responseTimeMs: number,
  now: number,
): Pick<Observation, "ok" | "restMs" | "responseTimeMs"> | undefined => {
  if (ok) return { ok: true, responseTimeMs }
  if (status === 429 || status === 529) return { ok: false, restMs: readRetryAfterMs(headers, undefined, now) ?? 2_000 }
  return status >= 500 || status === 401 || status === 403 ? { ok: false } : undefined
}

const forwardedHeaders = (client: Headers, own: Readonly<Record<string, string>>): Headers => {
  const headers = new Headers(own)
  for (const name of forwardedRequestHeaders) {
    const value = client.get(name)
    if (value !== null) headers.set(name, value)
  }
  return headers
}

const describe = (upstream: Response, candidate: ModelRef, attempts: number, { id }: RequestContext): Response => {
  const headers = new Headers(upstream.headers)
  if (headers.has("content-encoding")) headers.delete("content-length")
  for (const name of droppedResponseHeaders) headers.delete(name)
  headers.set("x-voltgate-request-id", id)
  headers.set("x-voltgate-cache", "bypass")
  headers.set("x-voltgate-cache-reason", "forwarded")
  headers.set("x-voltgate-provider", candidate.provider)
  headers.set("x-voltgate-model", candidate.model)
  headers.set("x-voltgate-attempts", String(attempts))
  return new Response(upstream.body, { status: upstream.status, headers })
}
