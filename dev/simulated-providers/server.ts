import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { setImmediate, setTimeout } from "node:timers/promises"
import * as v from "valibot"
import { anthropic } from "./anthropic.ts"
import type { World } from "./exchange.ts"
import { allHealthy, applyChange, type Control, ControlChange, controlHelp, controlProblems } from "./faults.ts"
import { google } from "./google.ts"
import { openai } from "./openai.ts"
import { createQuota } from "./quota.ts"
import { parseJson, readText } from "./read-body.ts"
import { createRequestLog, type LogEntry } from "./request-log.ts"
import { seededRandom } from "./seeded.ts"
import { serve } from "./serve.ts"
import type { WireFormat } from "./wire.ts"

export interface SimulatedProvidersOptions {
  /** 0 takes any free port. */
  readonly port?: number
  readonly host?: string
  /** What waiting times are multiplied by: 1 answers in about a second, 0 at once. */
  readonly speed?: number
  /** The one key that all three providers accept. */
  readonly apiKey?: string
  /** Another seed gives other latencies, other values in JSON answers, and other requests that a partial fault strikes. */
  readonly seed?: string
  readonly now?: () => number
  /** Resolves after the time, or at once when the signal fires. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface SimulatedProviders {
  /** Without a slash at its end; below it lie `/openai/v1`, `/anthropic/v1` and `/google/v1beta`. */
  readonly url: string
  readonly port: number
  /** Switches faults on and off for the providers that are named, and returns the state of all. */
  readonly control: (change?: ControlChange) => Control
  /** The last 1,000 requests, oldest first. */
  readonly log: () => readonly LogEntry[]
  readonly clearLog: () => void
  /** Stops listening and ends every connection, also those in the middle of an answer. */
  readonly close: () => Promise<void>
}

const logLimit = 1000
const largestControlBytes = 10_000
const formats: readonly WireFormat[] = [openai, anthropic, google]

const waitFor = async (ms: number, signal: AbortSignal): Promise<void> => {
  // Even without waiting, each event leaves on its own and a caller who left is noticed.
  if (ms <= 0) await setImmediate()
  else await setTimeout(ms, undefined, { signal }).catch(() => undefined)
}

const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" })
  response.end(`${JSON.stringify(body, null, 2)}\n`)
}

interface Desk {
  readonly control: SimulatedProviders["control"]
  readonly log: SimulatedProviders["log"]
  readonly clearLog: () => void
}

const changeControl = async (desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = parseJson((await readText(request, largestControlBytes)) ?? "")
  const result = v.safeParse(ControlChange, body?.json)
  if (result.success) return sendJson(response, 200, desk.control(result.output))
  return sendJson(response, 400, { error: { message: controlHelp, problems: controlProblems(result.issues) } })
}

/** The endpoints for people and tests, which no provider has. */
const serveDesk = async (
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> => {
  switch (`${request.method} ${path}`) {
    case "GET /control":
      return sendJson(response, 200, desk.control())
    case "PUT /control":
      return changeControl(desk, request, response)
    case "GET /log":
      return sendJson(response, 200, desk.log())
    case "DELETE /log":
      desk.clearLog()
      return sendJson(response, 200, [])
    default:
      return sendJson(response, path === "/" ? 200 : 404, {
        about: "Simulated providers: they speak three formats, and no model is behind them.",
        providers: ["/openai/v1", "/anthropic/v1", "/google/v1beta"],
        faults: `GET or PUT /control. ${controlHelp}`,
        log: "GET or DELETE /log",
      })
  }
}

const fail = (response: ServerResponse, error: unknown): void => {
  if (response.headersSent) response.destroy()
  else
    sendJson(response, 500, {
      error: { message: `The simulated provider itself failed: ${String(error)}`, type: "bug" },
    })
}

/** Starts a server that speaks as OpenAI, Anthropic and Google do. Rejects when the port is taken. */
export const startSimulatedProviders = async (options: SimulatedProvidersOptions = {}): Promise<SimulatedProviders> => {
  const { port = 0, host = "127.0.0.1", speed = 1, apiKey = "simulated", seed = "voltgate", now = Date.now } = options
  const log = createRequestLog(logLimit)
  let control: Control = allHealthy
  let requests = 0
  const world: World = {
    apiKey,
    seed,
    speed,
    now,
    wait: options.wait ?? waitFor,
    control: (wire) => control[wire],
    random: seededRandom(`${seed} faults`),
    log,
    quota: createQuota(now),
    nextRequestId: () => `req_simulated${String(++requests).padStart(8, "0")}`,
  }
  const desk: Desk = {
    control: (change = {}) => {
      control = applyChange(control, v.parse(ControlChange, change))
      return control
    },
    log: log.entries,
    clearLog: log.clear,
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://simulated")
    const format = formats.find(({ wire }) => url.pathname.startsWith(`/${wire}/`))
    const served =
      format === undefined
        ? serveDesk(desk, request, response, url.pathname)
        : serve(world, format, request, response, {
            path: url.pathname.slice(format.wire.length + 1),
            query: url.searchParams,
          })
    served.catch((error: unknown) => fail(response, error))
  })
  // Longer than clients keep an idle connection, so that none is closed under a request on its way.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  const bound = typeof address === "object" && address !== null ? address.port : port
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    port: bound,
    ...desk,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeAllConnections()
      }),
  }
}
