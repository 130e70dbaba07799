import type { IncomingMessage, RequestListener } from "node:http"
import type { ErrorBody } from "../../contract/error-code.ts"
import type { ProviderStatus, ProvidersResponse } from "../../contract/providers.ts"
import { voltgate } from "../testing.ts"
import type { Ran } from "../testing.ts"
import type { Check } from "./check.ts"
import type { Diagnosis } from "./diagnose.ts"

/** A candidate as the gateway lists it: healthy, real and not asked yet. */
export const candidate = (news: Partial<ProviderStatus> = {}): ProviderStatus => ({
  provider: "openai",
  model: "gpt-5.5",
  selectionWeight: 0.8,
  planScore: 0.9,
  terms: { accuracy: 0.9, responseTime: 0.5, availability: 1, load: 1 },
  inFlight: 0,
  expectedMs: 4000,
  note: "no response time known yet",
  wire: "openai",
  simulated: false,
  healthy: true,
  responseTimeSamples: 0,
  failuresInARow: 0,
  standing: "ready",
  hedgeAfterMs: 3_000,
  ...news,
})

export const listing = (...providers: readonly ProviderStatus[]): ProvidersResponse => ({ providers, directives: [] })

export const errorBody = (code: ErrorBody["error"]["code"], message: string): ErrorBody => ({
  error: { code, message, requestId: "7d9f" },
})

/** Status and JSON body, or `undefined` for a request that is never answered. */
export type Played = readonly [status: number, body: unknown] | undefined

/** Plays a gateway that is ready and lists one candidate, but for what is said otherwise, by path. */
export const playGateway =
  (replies: Readonly<Record<string, (request: IncomingMessage) => Played>> = {}): RequestListener =>
  (request, response) => {
    const play = replies[request.url ?? ""] ?? wellReplies[request.url ?? ""]
    const played = play === undefined ? ([404, {}] as const) : play(request)
    if (played === undefined) return
    response.writeHead(played[0], { "content-type": "application/json" }).end(JSON.stringify(played[1]))
  }

const wellReplies: Readonly<Record<string, (request: IncomingMessage) => Played>> = {
  "/healthz": () => [200, { status: "ok" }],
  "/readyz": () => [200, { status: "ready", checks: { providers: true, access: true } }],
  "/v1/providers": () => [200, listing(candidate())],
}

export interface Examined extends Ran {
  readonly ok: boolean
  /** By name, in the order of the output. */
  readonly checks: ReadonlyMap<string, Check>
}

/** Runs `voltgate doctor --json` as a process. */
export const doctor = async (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Examined> => {
  const ran = await voltgate(["doctor", "--json", ...args], environment)
  const { checks, ok }: Diagnosis = JSON.parse(ran.stdout)
  return { ...ran, ok, checks: new Map(checks.map((check) => [check.name, check])) }
}

/** An address of this machine at which nothing listens: port 10 is reserved, belongs to no service, and fetch allows it. */
export const nobodyUrl = "http://127.0.0.1:10"
