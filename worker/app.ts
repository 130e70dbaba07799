import { Hono } from "hono"
import type { Context } from "hono"
import { GatewayError, asGatewayError } from "./errors.ts"
import type { Gateway } from "./gateway.ts"
import { authenticate } from "./pipeline/authenticate.ts"
import { startStopwatch } from "./pipeline/stopwatch.ts"
import type { RequestContext } from "./request-context.ts"
import { postAnalyze, postOptimize } from "./routes/analyze.ts"
import { deleteCache } from "./routes/cache.ts"
import { postChatCompletions } from "./routes/chat-completions.ts"
import { errorResponse, formatOf } from "./routes/error-response.ts"
import { getHistory, getHistorySummary } from "./routes/history.ts"
import { postFeedback } from "./routes/feedback.ts"
import { getHealth, getReadiness } from "./routes/health.ts"
import { postMessages } from "./routes/messages.ts"
import { getMetrics } from "./routes/metrics.ts"
import { getModel, getModels } from "./routes/models.ts"
import { postProviders } from "./routes/order-providers.ts"
import { getProviders } from "./routes/providers.ts"
import { getStatus } from "./routes/status.ts"

type Endpoint = (context: RequestContext, gateway: Gateway) => Response | Promise<Response>

/** Everything that needs a key, by method and path. */
const endpoints: readonly (readonly ["GET" | "POST" | "DELETE", string, Endpoint])[] = [
  ["POST", "/v1/analyze", postAnalyze],
  ["POST", "/v1/optimize", postOptimize],
  ["POST", "/v1/chat/completions", postChatCompletions],
  ["POST", "/v1/messages", postMessages],
  ["GET", "/v1/models", getModels],
  ["GET", "/v1/models/:model{.+}", getModel],
  ["GET", "/v1/providers", getProviders],
  ["POST", "/v1/providers", postProviders],
  ["POST", "/v1/feedback", postFeedback],
  ["GET", "/v1/status", getStatus],
  ["GET", "/metrics", getMetrics],
  ["GET", "/v1/history", getHistory],
  ["GET", "/v1/history/summary", getHistorySummary],
  ["DELETE", "/v1/cache", deleteCache],
]

interface Env {
  readonly Variables: { id?: string }
}

/** Names the request, the first time it is asked. */
const idOf = (c: Context<Env>): string => {
  const id = c.get("id") ?? crypto.randomUUID()
  c.set("id", id)
  return id
}

const otherMethods = (taken: readonly string[]): string[] =>
  ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].filter((method) => !taken.includes(method))

/** The gateway as a web-standard app: the same on every host. */
export const createApp = (gateway: Gateway): Pick<Hono, "fetch" | "request"> => {
  const app = new Hono<Env>()

  app.get("/healthz", () => getHealth())
  app.get("/readyz", () => getReadiness(gateway))

  for (const [method, path, endpoint] of endpoints) {
    app.on(method, path, async (c) => {
      const watch = startStopwatch(gateway.ports.now)
      const caller = await authenticate(c.req.raw, gateway.settings)
      watch.add("admit", watch.elapsedMs())
      return endpoint({ id: idOf(c), endpoint: path, caller, request: c.req.raw, watch }, gateway)
    })
  }
  for (const [path, taken] of Map.groupBy(endpoints, ([, at]) => at)) {
    const methods = taken.map(([method]) => method)
    // One handler for each method, not one for all: the router runs a lone handler without the machinery for several.
    app.on(otherMethods(methods), path, (c) => {
      throw new GatewayError("method_not_allowed", `${c.req.path} takes ${methods.join(" or ")}, not ${c.req.method}.`)
    })
  }
  app.notFound((c) => {
    const error = new GatewayError("not_found", `There is no ${c.req.path} here. docs/api.md lists the endpoints.`)
    return errorResponse(error, formatOf(c.req.path), idOf(c))
  })

  app.onError((thrown, c) => {
    const error = asGatewayError(thrown)
    gateway.ports.log({
      message: "refused",
      requestId: idOf(c),
      endpoint: c.req.path,
      status: error.status,
      code: error.code,
      reason: error.message,
      ...(error.code === "internal" ? { cause: stackOf(error.cause) } : {}),
    })
    return errorResponse(error, formatOf(c.req.path), idOf(c))
  })
  return app
}

/** Our own faults only: what a provider or a client sent is never in these. */
const stackOf = (cause: unknown): string => (cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
