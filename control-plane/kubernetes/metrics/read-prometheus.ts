import * as v from "valibot"
import { ask } from "../../doctor/ask.ts"
import type { SignalSource } from "../policies/policy.ts"
import type { Reading } from "../sample.ts"
import { noData, sampleOf } from "./reading.ts"

const point = v.tuple([v.number(), v.string()])
const Reply = v.variant("status", [
  v.object({
    status: v.literal("success"),
    data: v.variant("resultType", [
      v.object({ resultType: v.literal("vector"), result: v.array(v.object({ value: point })) }),
      v.object({ resultType: v.literal("scalar"), result: point }),
    ]),
  }),
  v.object({ status: v.literal("error"), error: v.optional(v.string(), "") }),
])

export interface PrometheusPorts {
  readonly fetch: typeof fetch
  readonly now: () => number
  readonly deadlineMs: number
  /** Sent as a bearer token, where there is one. */
  readonly token?: string
}

/**
 * An instant query (Prometheus HTTP API, `/api/v1/query`) that must give one number. Prometheus goes on giving a series' last
 * value for five minutes after it ended, and says the time of asking, not of measuring; so `timestamp()` of the same is
 * asked too.
 */
export const readPrometheus = async (
  { url, query }: Extract<SignalSource, { from: "prometheus" }>,
  { fetch, now, deadlineMs, token }: PrometheusPorts,
): Promise<Reading> => {
  const source = "Prometheus"
  const evaluate = async (expression: string) =>
    ask(
      `${url.replace(/\/+$/, "")}/api/v1/query?query=${encodeURIComponent(expression)}`,
      token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
      { fetch, deadlineMs },
    )
  const [answer, timed] = await Promise.all([evaluate(query), evaluate(`timestamp(${query})`)])
  if (answer.kind === "silent") return noData(source, answer.reason)
  const parsed = v.safeParse(Reply, answer.body)
  if (!parsed.success) return noData(source, `what answers there is no Prometheus (status ${answer.status})`)
  if (parsed.output.status === "error") return noData(source, `it refused the query (status ${answer.status})`)
  const points = pointsOf(parsed.output.data)
  const [first] = points
  if (first === undefined) return noData(source, "the query gave no series")
  if (points.length > 1) return noData(source, `the query gave ${points.length} series: sum or average them into one`)
  return sampleOf(source, first[1], now(), measuredAtMs(timed) ?? first[0] * 1_000)
}

type Data = Extract<v.InferOutput<typeof Reply>, { status: "success" }>["data"]

const pointsOf = (data: Data): readonly v.InferOutput<typeof point>[] =>
  data.resultType === "scalar" ? [data.result] : data.result.map(({ value }) => value)

const measuredAtMs = (timed: Awaited<ReturnType<typeof ask>>): number | undefined => {
  const parsed = v.safeParse(Reply, timed.kind === "answered" ? timed.body : undefined)
  if (!parsed.success || parsed.output.status === "error") return undefined
  const [first] = pointsOf(parsed.output.data)
  const seconds = Number(first?.[1])
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined
}
