import * as v from "valibot"
import { KubeError, orUndefined } from "./kube-error.ts"
import { toMicroTime } from "./micro-time.ts"
import { read } from "./read.ts"
import type { Send } from "./send.ts"

export interface LeasePlace {
  readonly namespace: string
  readonly name: string
}

/** What was last seen of the lease, and when by our own clock: other machines' clocks are not believed. */
export interface LeaseSight {
  readonly resourceVersion: string
  readonly holder: string
  readonly seenAtMs: number
}

export type LeaseOutcome =
  | { readonly held: true; readonly sight: LeaseSight }
  | { readonly held: false; readonly holder: string; readonly sight: LeaseSight | undefined }

const Reply = v.object({
  metadata: v.object({ resourceVersion: v.string() }),
  spec: v.optional(
    v.object({ holderIdentity: v.nullish(v.string(), ""), leaseTransitions: v.nullish(v.number(), 0) }),
    {},
  ),
})

export interface LeaseOptions {
  readonly place: LeasePlace
  readonly identity: string
  readonly durationMs: number
  readonly nowMs: number
  /** What this process saw last; absent at its start. */
  readonly sight?: LeaseSight
}

/**
 * Takes the lease, or renews it. It is free when nobody holds it, or when it has not changed for its whole duration since we
 * first saw it so, by our own clock (as client-go's leader election counts). Who comes second at the same time loses by the
 * version.
 */
export const holdLease = async (
  send: Send,
  { place, identity, durationMs, nowMs, sight }: LeaseOptions,
): Promise<LeaseOutcome> => {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(place.namespace)}/leases`
  const body = await orUndefined(send({ method: "GET", path: `${path}/${encodeURIComponent(place.name)}` }))
  const found = body === undefined ? undefined : read(Reply, body, "lease")
  const holder = found?.spec.holderIdentity ?? ""
  const resourceVersion = found?.metadata.resourceVersion
  const unchanged = sight !== undefined && sight.resourceVersion === resourceVersion ? sight : undefined
  const seen: LeaseSight | undefined =
    unchanged ?? (resourceVersion === undefined ? undefined : { resourceVersion, holder, seenAtMs: nowMs })
  const isExpired = unchanged !== undefined && nowMs - unchanged.seenAtMs >= durationMs
  if (holder !== "" && holder !== identity && !isExpired) return { held: false, holder, sight: seen }
  const lease = leaseOf(
    place,
    { identity, durationMs, nowMs },
    (found?.spec.leaseTransitions ?? 0) + (holder === identity ? 0 : 1),
  )
  try {
    const written = await (resourceVersion === undefined
      ? send({ method: "POST", path, body: lease })
      : send({
          method: "PUT",
          path: `${path}/${encodeURIComponent(place.name)}`,
          body: { ...lease, metadata: { ...lease.metadata, resourceVersion } },
        }))
    const version = read(Reply, written, "lease").metadata.resourceVersion
    return { held: true, sight: { resourceVersion: version, holder: identity, seenAtMs: nowMs } }
  } catch (error) {
    if (!(error instanceof KubeError) || (error.code !== "conflict" && error.code !== "exists")) throw error
    return { held: false, holder: "another instance, which was quicker", sight: seen }
  }
}

/** Gives the lease back, so that another need not wait for it to run out. */
export const releaseLease = async (send: Send, options: LeaseOptions): Promise<void> => {
  const { place, identity, sight } = options
  if (sight === undefined || sight.holder !== identity) return
  const path = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(place.namespace)}/leases/${encodeURIComponent(place.name)}`
  const lease = leaseOf(place, options, 0)
  await send({
    method: "PUT",
    path,
    body: {
      ...lease,
      metadata: { ...lease.metadata, resourceVersion: sight.resourceVersion },
      spec: { ...lease.spec, holderIdentity: "" },
    },
  })
}

const leaseOf = (
  { namespace, name }: LeasePlace,
  { identity, durationMs, nowMs }: Pick<LeaseOptions, "identity" | "durationMs" | "nowMs">,
  transitions: number,
) => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name, namespace },
  spec: {
    holderIdentity: identity,
    leaseDurationSeconds: Math.max(1, Math.round(durationMs / 1_000)),
    renewTime: toMicroTime(nowMs),
    acquireTime: toMicroTime(nowMs),
    leaseTransitions: transitions,
  },
})
