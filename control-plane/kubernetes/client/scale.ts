import * as v from "valibot"
import { read } from "./read.ts"
import type { Send } from "./send.ts"

export interface TargetRef {
  readonly namespace: string
  readonly deployment: string
}

/** How many replicas a deployment asks for, at a version of it. */
export interface Scale {
  readonly replicas: number
  readonly resourceVersion: string
  readonly uid: string
}

/** At zero replicas the server leaves the field out, or the whole of `spec`. */
const ScaleReply = v.object({
  metadata: v.object({ resourceVersion: v.string(), uid: v.optional(v.string(), "") }),
  spec: v.optional(v.object({ replicas: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0) }), {}),
})

const pathOf = ({ namespace, deployment }: TargetRef): string =>
  `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/deployments/${encodeURIComponent(deployment)}/scale`

export const getScale = async (send: Send, target: TargetRef): Promise<Scale> =>
  toScale(read(ScaleReply, await send({ method: "GET", path: pathOf(target) }), "scale"))

/**
 * Writes a replica count, on the condition that nobody wrote since `resourceVersion`. Throws a KubeError `conflict` when
 * somebody did, and a RangeError for what is no whole number: a `null` on the wire would mean zero.
 */
export const putScale = async (
  send: Send,
  target: TargetRef,
  { replicas, resourceVersion }: Omit<Scale, "uid">,
): Promise<Scale> => {
  if (!Number.isSafeInteger(replicas) || replicas < 1) throw new RangeError(`${replicas} is no replica count.`)
  const body = {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name: target.deployment, namespace: target.namespace, resourceVersion },
    spec: { replicas },
  }
  return toScale(read(ScaleReply, await send({ method: "PUT", path: pathOf(target), body }), "scale"))
}

const toScale = ({ metadata, spec }: v.InferOutput<typeof ScaleReply>): Scale => ({
  replicas: spec.replicas,
  resourceVersion: metadata.resourceVersion,
  uid: metadata.uid,
})
