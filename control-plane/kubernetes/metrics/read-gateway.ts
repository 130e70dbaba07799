import * as v from "valibot"
import { ask } from "../../doctor/ask.ts"
import type { SignalSource } from "../policies/policy.ts"
import type { Reading } from "../sample.ts"
import { noData, sampleOf } from "./reading.ts"

/** What is needed of `GET /v1/status`. */
const Reply = v.object({
  at: v.string(),
  providers: v.array(v.object({ inFlight: v.number(), p95Ms: v.nullish(v.number()) })),
})

export interface GatewayPorts {
  readonly fetch: typeof fetch
  readonly now: () => number
  readonly deadlineMs: number
  /** An API key of the gateway. */
  readonly key?: string
}

/** Requests that a Voltgate gateway has in flight, or the slowest candidate's 95th percentile. */
export const readGateway = async (
  { url, value }: Extract<SignalSource, { from: "gateway" }>,
  { fetch, now, deadlineMs, key }: GatewayPorts,
): Promise<Reading> => {
  const source = "the gateway"
  const headers = key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } }
  const answer = await ask(`${url.replace(/\/+$/, "")}/v1/status`, headers, { fetch, deadlineMs })
  if (answer.kind === "silent") return noData(source, answer.reason)
  const parsed = v.safeParse(Reply, answer.body)
  if (!parsed.success) return noData(source, `it does not tell its status (status ${answer.status})`)
  const { at, providers } = parsed.output
  const times = providers.flatMap(({ p95Ms }) => p95Ms ?? [])
  if (value === "p95" && times.length === 0) return noData(source, "no candidate was timed yet")
  const number = value === "p95" ? Math.max(...times) : providers.reduce((sum, { inFlight }) => sum + inFlight, 0)
  return sampleOf(source, number, now(), Date.parse(at))
}
