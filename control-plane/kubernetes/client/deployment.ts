import * as v from "valibot"
import { read } from "./read.ts"
import type { TargetRef } from "./scale.ts"
import type { Send } from "./send.ts"

export interface DeploymentState {
  readonly readyReplicas: number
  /** The deployment gave up bringing out its newest version. */
  readonly isStuck: boolean
  /** A new version is on its way. */
  readonly isRollingOut: boolean
  readonly annotations: Readonly<Record<string, string>>
  /** `key=value` pairs by which its pods are found. */
  readonly selector: string
}

const count = v.optional(v.pipe(v.number(), v.minValue(0)), 0)
const Reply = v.object({
  metadata: v.object({
    annotations: v.optional(v.record(v.string(), v.string()), {}),
    generation: v.optional(v.number(), 0),
  }),
  spec: v.optional(
    v.object({ selector: v.optional(v.object({ matchLabels: v.optional(v.record(v.string(), v.string()), {}) }), {}) }),
    {},
  ),
  status: v.optional(
    v.object({
      readyReplicas: count,
      updatedReplicas: count,
      replicas: count,
      observedGeneration: v.optional(v.number(), 0),
      conditions: v.optional(
        v.array(v.object({ type: v.string(), status: v.string(), reason: v.optional(v.string(), "") })),
        [],
      ),
    }),
    {},
  ),
})

export const getDeployment = async (send: Send, { namespace, deployment }: TargetRef): Promise<DeploymentState> => {
  const path = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/deployments/${encodeURIComponent(deployment)}`
  const { metadata, spec, status } = read(Reply, await send({ method: "GET", path }), "deployment")
  return {
    readyReplicas: status.readyReplicas ?? 0,
    isStuck: (status.conditions ?? []).some(
      ({ type, status: state, reason }) =>
        type === "Progressing" && state === "False" && reason === "ProgressDeadlineExceeded",
    ),
    isRollingOut: (status.updatedReplicas ?? 0) < (status.replicas ?? 0),
    annotations: metadata.annotations,
    selector: Object.entries(spec.selector?.matchLabels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
  }
}
