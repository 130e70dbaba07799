import type { Observation } from "../../contract/provider-board.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import type { Ports } from "../ports/ports.ts"
import type { RequestContext } from "../request-context.ts"
import { notDrained, underDirectives } from "../routing/directives.ts"
import { modelId } from "../routing/model-ref.ts"
import type { ModelRef } from "../routing/model-ref.ts"
import { rankCandidates } from "../routing/rank-candidates.ts"
import { allDrained } from "./all-drained.ts"
import { replaceString } from "../wire/find-top-level-string.ts"
import type { FoundString } from "../wire/find-top-level-string.ts"
import { readRetryAfterMs } from "../providers/retry-after.ts"
import { shareNews } from "./share-news.ts"

/** A body in the provider's own format, and where in it the model's name stands. */
export interface RelayBody {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly model: FoundString
}

/** What may go on to the provider; all else (keys, cookies, our own headers) stays here. */
const forwardedRequestHeaders = [
  "content-type",
  "accept",
  "openai-beta",
  "anthropic-version",
  "anthropic-beta",
  "idempotency-key",
  "traceparent",
]
/** What the connection between the provider and us needs, and nobody else. */
const droppedResponseHeaders =
  "connection keep-alive transfer-encoding content-encoding set-cookie alt-svc server openai-organization openai-project anthropic-organization-id".split(
    " ",
  )

/**
 * Forwards a body as it came and the answer as it comes: neither is parsed. With several candidates a failure moves on
 * to the next; the last one's answer is the client's, whatever it is.
 */
export const relay = (
  body: RelayBody,
  candidates: readonly ModelRef[],
  context: RequestContext,
  gateway: Gateway,
): Promise<Response> => tryInTurn(body, rank(candidates, gateway.ports), context, gateway)

const rank = (
  candidates: readonly ModelRef[],
  { board, now, random }: Pick<Ports, "board" | "now" | "random">,
): readonly ModelRef[] => {
  const at = now()
  const directives = board.directives(at)
  const willing = notDrained(candidates, directives, at)
  if (willing.length === 0 && candidates.length > 0) throw allDrained(candidates, directives, at)
  if (willing.length === 1) return willing
  const ranked = rankCandidates(willing, board.snapshot(at), { inFlightHere: board.inFlightHere, now: at, random })
  return underDirectives(ranked, directives, at)
}

const tryInTurn = async (
  body: RelayBody,
  ranked: readonly ModelRef[],
  context: RequestContext,
  gateway: Gateway,
): Promise<Response> => {
  let error: GatewayError | undefined
  for (const [index, candidate] of ranked.entries()) {
    const answer = await forward(body, candidate, context, gateway)
    if (answer instanceof GatewayError) {
      error = answer
    } else if (!mayMoveOn(answer.status) || index === ranked.length - 1) {
      logForwarded(answer.status, candidate, index + 1, context, gateway)
      return describe(answer, candidate, index + 1, context)
    } else await answer.body?.cancel()
  }
  throw error ?? new GatewayError("no_provider", "No provider is allowed for this request.")
}

const logForwarded = (
  status: number,
  { provider, model }: ModelRef,
  attempts: number,
  { id, caller, endpoint, watch }: RequestContext,
  { ports }: Pick<Gateway, "ports">,
): void =>
  ports.log({
    message: "forwarded",
    requestId: id,
    tenant: caller.tenant,
    endpoint,
    status,
    "gen_ai.provider.name": provider,
    "gen_ai.request.model": model,
    attempts,
    headMs: watch.elapsedMs(),
  })

const mayMoveOn = (status: number): boolean => status === 408 || status === 409 || status === 429 || status >= 500

const forward = async (
  { bytes, model }: RelayBody,
  candidate: ModelRef,
  { request }: RequestContext,
  { ports, settings, providers }: Gateway,
): Promise<Response | GatewayError> => {
  if (request.signal.aborted) throw clientLeft(request.signal.reason)
  const id = modelId(candidate)
  const target = providers.get(candidate.provider)?.relay
  if (target === undefined) return new GatewayError("internal", `${id} takes no forwarded bodies.`)
  const flight = ports.board.began(id)
  const startedAt = ports.now()
  const report = (news: Pick<Observation, "ok" | "restMs" | "responseTimeMs"> | undefined): void => {
    const at = ports.now()
    flight.ended(news === undefined ? undefined : { candidate: id, ...news, at })
    shareNews(ports, at)
  }
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), settings.timeouts.firstByteMs)
  try {
    const asking = ports.fetch(target.url, {
      method: "POST",
      headers: forwardedHeaders(request.headers, target.headers),
      body: candidate.model === model.value ? bytes : replaceString(bytes, model, candidate.model),
      signal: patience.signal,
      redirect: "manual",
    })
    request.signal.addEventListener("abort", () => {
      // A host ends the work of a client who left, unless something is in the background: then its flight would never
      // end. Only now, because a promise in the background costs each request more than its timer does.
      ports.background(asking.then(ignore, ignore))
      patience.abort(request.signal.reason)
    })
    const response = await asking
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
    if (left) throw clientLeft(cause)
    return patience.signal.aborted
      ? new GatewayError("timeout", `${id} sent no byte in ${settings.timeouts.firstByteMs} ms.`, { cause })
      : new GatewayError("no_provider", `${id} could not be reached.`, { cause, retryAfterS: 5 })
  } finally {
    clearTimeout(timer)
  }
}

const clientLeft = (cause: unknown): GatewayError =>
  new GatewayError("client_closed_request", "The client left before the answer came.", { cause })

const ignore = (): void => undefined

const newsOf = (
  { status, ok, headers }: Response,
  responseTimeMs: number,
  now: number,
): Pick<Observation, "ok" | "restMs" | "responseTimeMs"> | undefined => {
  if (ok) return { ok: true, responseTimeMs }
  if (status === 429 || status === 529) return { ok: false, restMs: readRetryAfterMs(headers, undefined, now) ?? 2_000 }
  return status >= 500 || status === 401 || status === 403 ? { ok: false } : undefined
}

const forwardedHeaders = (client: Headers, own: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = { ...own }
  for (const name of forwardedRequestHeaders) {
    const value = client.get(name)
    if (value !== null) headers[name] = value
  }
  return headers
}

const describe = (upstream: Response, candidate: ModelRef, attempts: number, { id }: RequestContext): Response => {
  const response = new Response(upstream.body, upstream)
  const { headers } = response
  // The host has unpacked the body, so its length is another one.
  if (headers.has("content-encoding")) headers.delete("content-length")
  for (const name of droppedResponseHeaders) headers.delete(name)
  headers.set("x-voltgate-request-id", id)
  headers.set("x-voltgate-cache", "bypass")
  headers.set("x-voltgate-cache-reason", "forwarded")
  headers.set("x-voltgate-provider", candidate.provider)
  headers.set("x-voltgate-model", candidate.model)
  headers.set("x-voltgate-attempts", String(attempts))
  return response
}
