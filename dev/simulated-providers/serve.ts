import type { IncomingMessage, ServerResponse } from "node:http"
import { type Exchange, record, refuse, replyHeaders, sendJson, untilLeft, type World } from "./exchange.ts"
import { drawFault } from "./faults.ts"
import { parseJson, readText } from "./read-body.ts"
import { sendAnswer } from "./send-answer.ts"
import type { Asked, Endpoint, Refusal, WireFormat } from "./wire.ts"

/** A fault that turns every request away, whatever it asks. */
const failureOf = ({ fault, format, world }: Exchange): Refusal | undefined => {
  switch (fault) {
    case "error500":
    case "overloaded":
    case "rate_limited":
    case "unauthorized":
      return format.failure(fault, world.control(format.wire).retryAfterS)
    case "bad_request":
      return {
        ...format.notJson,
        message: "This request is refused, whatever it asks, as it would be by any provider.",
      }
    case "none":
    case "down":
    case "hang":
    case "slow":
    case "drip":
    case "garbage":
    case "cut":
    case "stall":
      return undefined
  }
}

/** Lets a fault take the request that would keep it from being answered at all; false when none does. */
const struck = async (exchange: Exchange, asked?: Asked): Promise<boolean> => {
  const failure = failureOf(exchange)
  if (failure !== undefined) refuse(exchange, failure, "failed", asked)
  else if (exchange.fault === "hang") {
    await untilLeft(exchange)
    record(exchange, "unfinished", asked)
  } else return false
  return true
}

/** A page in place of an answer, as a network's login page or a broken proxy would send it. */
const sendGarbage = (exchange: Exchange, asked: Asked): void => {
  exchange.response.writeHead(200, { "content-type": "text/html" })
  record(exchange, "failed", asked)
  exchange.response.end("<!doctype html><title>Welcome</title><p>Please accept the terms of use of this network.</p>\n")
}

const generate = async (exchange: Exchange, endpoint: Extract<Endpoint, { kind: "generate" }>): Promise<void> => {
  const { format, request } = exchange
  const text = await readText(request, format.maxBodyBytes)
  if (text === undefined) return refuse(exchange, format.bodyTooLarge)
  const parsed = parseJson(text)
  if (parsed === undefined) return refuse(exchange, format.notJson)
  const read = await format.read(parsed.json, endpoint, request.headers)
  if (await struck(exchange, "asked" in read ? read.asked : undefined)) return undefined
  if ("refusal" in read) return refuse(exchange, read.refusal)
  return exchange.fault === "garbage"
    ? sendGarbage(exchange, read.asked)
    : sendAnswer(exchange, read.asked, endpoint.sse)
}

const modelsCreatedS = Date.parse("2026-01-01T00:00:00Z") / 1000

const listModels = async (exchange: Exchange): Promise<void> => {
  if (await struck(exchange)) return
  sendJson(exchange, 200, replyHeaders(exchange, 0, 0), exchange.format.models(modelsCreatedS), "answered")
}

/** Answers one request in a provider's format; `path` and `query` are what follows the provider's own prefix. */
export const serve = async (
  world: World,
  format: WireFormat,
  request: IncomingMessage,
  response: ServerResponse,
  { path, query }: { readonly path: string; readonly query: URLSearchParams },
): Promise<void> => {
  const leaving = new AbortController()
  // Node says "close" after a finished answer too; only an unfinished one tells that the caller left.
  response.once("close", () => response.writableEnded || leaving.abort())
  const exchange: Exchange = {
    world,
    format,
    request,
    response,
    path,
    fault: drawFault(world.control(format.wire), world.random),
    left: leaving.signal,
    requestId: world.nextRequestId(),
    startedAt: world.now(),
  }
  if (exchange.fault === "down") {
    record(exchange, "failed")
    request.socket.resetAndDestroy()
    return undefined
  }
  const method = request.method ?? "GET"
  const endpoint = format.endpoint(method, path, query)
  if (endpoint === undefined) return refuse(exchange, format.unknownEndpoint(method, path))
  const badKey = format.checkKey(request.headers, query, world.apiKey)
  if (badKey !== undefined) return refuse(exchange, badKey)
  return endpoint.kind === "models" ? listModels(exchange) : generate(exchange, endpoint)
}
