import * as v from "valibot"
import { readQuantity } from "../client/quantity.ts"
import { read } from "../client/read.ts"
import type { Send } from "../client/send.ts"
import type { Policy, SignalSource } from "../policies/policy.ts"
import type { Reading } from "../sample.ts"
import { noData, sampleOf } from "./reading.ts"

const Reply = v.object({ items: v.array(v.object({ value: v.string(), timestamp: v.optional(v.string()) })) })

/** The sum of an external metric's series, as the HorizontalPodAutoscaler takes it. */
export const readExternal = async (
  { metric, selector }: Extract<SignalSource, { from: "external" }>,
  { namespace }: Policy,
  { send, now }: { readonly send: Send; readonly now: () => number },
): Promise<Reading> => {
  const source = "external metrics"
  const query = selector === undefined ? "" : `?labelSelector=${encodeURIComponent(selector)}`
  const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${encodeURIComponent(namespace)}/${encodeURIComponent(metric)}${query}`
  const { items } = read(Reply, await send({ method: "GET", path }), "external metric")
  if (items.length === 0) return noData(source, `there is no series of ${metric}`)
  const values = items.map(({ value }) => readQuantity(value))
  const times = items.flatMap(({ timestamp }) => (timestamp === undefined ? [] : [Date.parse(timestamp)]))
  const value = values.reduce<number>((sum, each) => sum + (each ?? Number.NaN), 0)
  return sampleOf(source, value, now(), ...(times.length === 0 ? [] : [Math.min(...times)]))
}
