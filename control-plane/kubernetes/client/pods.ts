import * as v from "valibot"
import { readQuantity } from "./quantity.ts"
import { read } from "./read.ts"
import type { Send } from "./send.ts"

type ResourceName = "cpu" | "memory"

export interface PodRequests {
  readonly name: string
  readonly isReady: boolean
  /** Cores, or bytes; `undefined` where a container requests none. */
  readonly requested: number | undefined
}

export interface PodUsage {
  readonly name: string
  readonly used: number
  readonly measuredAtMs: number
}

const quantities = v.optional(v.record(v.string(), v.string()), {})
const Pods = v.object({
  items: v.array(
    v.object({
      metadata: v.object({ name: v.string(), deletionTimestamp: v.optional(v.string()) }),
      spec: v.object({
        containers: v.array(v.object({ resources: v.optional(v.object({ requests: quantities }), {}) })),
      }),
      status: v.optional(
        v.object({
          phase: v.optional(v.string(), ""),
          conditions: v.optional(v.array(v.object({ type: v.string(), status: v.string() })), []),
        }),
        {},
      ),
    }),
  ),
})
const PodMetrics = v.object({
  items: v.array(
    v.object({
      metadata: v.object({ name: v.string() }),
      timestamp: v.string(),
      containers: v.array(v.object({ usage: quantities })),
    }),
  ),
})

const query = (selector: string): string => `?labelSelector=${encodeURIComponent(selector)}`

/** What the running pods of a selector request. */
export const listPodRequests = async (
  send: Send,
  namespace: string,
  selector: string,
  resource: ResourceName,
): Promise<readonly PodRequests[]> => {
  const body = await send({
    method: "GET",
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods${query(selector)}`,
  })
  return read(Pods, body, "list of pods")
    .items.filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status.phase === "Running")
    .map(({ metadata, spec, status }) => ({
      name: metadata.name,
      isReady: (status.conditions ?? []).some(({ type, status: state }) => type === "Ready" && state === "True"),
      requested: sum(spec.containers.map((container) => container.resources.requests?.[resource])),
    }))
}

/** What they use, by the metrics server. */
export const listPodUsage = async (
  send: Send,
  namespace: string,
  selector: string,
  resource: ResourceName,
): Promise<readonly PodUsage[]> => {
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${encodeURIComponent(namespace)}/pods${query(selector)}`
  return read(PodMetrics, await send({ method: "GET", path }), "list of pod metrics").items.flatMap(
    ({ metadata, timestamp, containers }) => {
      const used = sum(containers.map(({ usage }) => usage[resource]))
      return used === undefined ? [] : [{ name: metadata.name, used, measuredAtMs: Date.parse(timestamp) }]
    },
  )
}

/** `undefined` where one of them is missing or no quantity. */
const sum = (texts: readonly (string | undefined)[]): number | undefined => {
  let total = 0
  for (const text of texts) {
    const value = text === undefined ? undefined : readQuantity(text)
    if (value === undefined) return undefined
    total += value
  }
  return total
}
