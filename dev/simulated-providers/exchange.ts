import { once } from "node:events"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Control, Fault } from "./faults.ts"
import { type Quota, usedUp } from "./quota.ts"
import { type LogEntry, type RequestLog, withoutSecrets } from "./request-log.ts"
import type { Answer, Asked, Headers, Refusal, Wire, WireFormat } from "./wire.ts"

/** What all requests share. */
export interface World {
  readonly apiKey: string
  readonly seed: string
  /** What every waiting time is multiplied by. */
  readonly speed: number
  readonly now: () => number
  /** Resolves after the time, or at once when the signal fires. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  readonly control: (wire: Wire) => Control[Wire]
  readonly random: () => number
  readonly log: RequestLog
  readonly quota: Quota
  readonly nextRequestId: () => string
}

/** One request, from its arrival to its line in the log. */
export interface Exchange {
  readonly world: World
  readonly format: WireFormat
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Below the provider's prefix, without the query. */
  readonly path: string
  readonly fault: Fault
  /** Fires when the caller leaves, or this server closes. */
  readonly left: AbortSignal
  readonly requestId: string
  readonly startedAt: number
}

export type Outcome = LogEntry["outcome"]

/** Writes the request's line in the log; before the last byte leaves, so that whoever has the answer finds the line. */
export const record = (exchange: Exchange, outcome: Outcome, asked?: Asked, answer?: Answer): void => {
  const { world, format, request, response, path, fault, left, startedAt } = exchange
  world.log.add({
    at: new Date(startedAt).toISOString(),
    wire: format.wire,
    path,
    ...(asked === undefined ? {} : { model: asked.model }),
    stream: asked?.stream ?? false,
    pictures: asked?.pictures ?? [],
    promptCharacters: asked === undefined ? 0 : asked.system.length + asked.texts.join("").length,
    fault,
    outcome,
    ...(response.headersSent ? { status: response.statusCode } : {}),
    aborted: left.aborted,
    inputTokens: answer?.inputTokens ?? 0,
    outputTokens: answer?.outputTokens ?? 0,
    durationMs: world.now() - startedAt,
    headers: withoutSecrets(request.headers, world.apiKey),
  })
}

export const untilLeft = async ({ left }: Exchange): Promise<void> => {
  if (!left.aborted) await once(left, "abort")
}

/** The headers that the provider puts on every reply; `retryAfterS` on those of a rate limit. */
export const replyHeaders = (
  exchange: Exchange,
  tokens: number,
  processingMs: number,
  retryAfterS?: number,
): Headers => {
  const { world, format, requestId } = exchange
  const view = world.quota.take(format.wire, tokens)
  const facts = { requestId, processingMs, quota: view, now: world.now() }
  return format.headers(retryAfterS === undefined ? facts : { ...facts, retryAfterS, quota: usedUp(view, retryAfterS) })
}

export const sendJson = (
  exchange: Exchange,
  status: number,
  headers: Headers,
  body: object,
  outcome: Outcome,
  asked?: Asked,
): void => {
  exchange.response.writeHead(status, { ...headers, "content-type": "application/json; charset=utf-8" })
  record(exchange, outcome, asked)
  exchange.response.end(JSON.stringify(body))
}

export const refuse = (exchange: Exchange, refusal: Refusal, outcome: Outcome = "refused", asked?: Asked): void => {
  const headers = replyHeaders(exchange, 0, 0, refusal.retryAfterS)
  const body = exchange.format.refusalBody(refusal, exchange.requestId)
  sendJson(exchange, refusal.status, headers, body, outcome, asked)
}
