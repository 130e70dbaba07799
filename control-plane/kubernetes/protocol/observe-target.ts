import { getDeployment } from "../client/deployment.ts"
import { KubeError } from "../client/kube-error.ts"
import { listOtherOwners } from "../client/owners.ts"
import { getScale } from "../client/scale.ts"
import type { Scale } from "../client/scale.ts"
import type { Send } from "../client/send.ts"
import type { Policy } from "../policies/policy.ts"
import type { Refusal } from "./history-entry.ts"
import type { PolicyState } from "./state.ts"

/** What there is to scale, or why it is left alone. */
export type Target =
  | { readonly kind: "ready"; readonly scale: Scale; readonly readyReplicas: number }
  | {
      readonly kind: "refused"
      readonly refusal: Refusal
      readonly reason: string
      readonly scale?: Scale
      readonly readyReplicas?: number
    }

/** An annotation by which a person pauses a deployment's scaling. */
export const pauseAnnotation = "voltgate.dev/paused"

/** Looks at the deployment and at who else has a say in it. Never throws: what cannot be seen is left alone. */
export const observeTarget = async (send: Send, policy: Policy, state: PolicyState, nowMs: number): Promise<Target> => {
  try {
    const [scale, deployment, owners] = await Promise.all([
      getScale(send, policy),
      getDeployment(send, policy),
      listOtherOwners(send, policy),
    ])
    const { readyReplicas } = deployment
    const refuse = (refusal: Refusal, reason: string): Target => ({
      kind: "refused",
      refusal,
      reason,
      scale,
      readyReplicas,
    })
    const [owner] = owners
    if (owner !== undefined) {
      return refuse("other-owner", `The ${owner.kind} ${owner.name} scales the same deployment: remove one of the two.`)
    }
    if (state.pause !== undefined && state.pause.untilMs > nowMs) {
      return refuse("paused", `Paused until ${new Date(state.pause.untilMs).toISOString()}: ${state.pause.reason}`)
    }
    if (deployment.annotations[pauseAnnotation] === "true") {
      return refuse("paused", `Paused by the annotation ${pauseAnnotation}.`)
    }
    if (scale.replicas === 0) return refuse("zero-replicas", "It was set to 0 replicas, which only a person undoes.")
    if (deployment.isStuck) return refuse("rollout-stuck", "Its rollout is stuck; more of the same would not help.")
    return { kind: "ready", scale, readyReplicas }
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    return error.code === "not-found"
      ? {
          kind: "refused",
          refusal: "target-missing",
          reason: `There is no deployment ${policy.namespace}/${policy.deployment}.`,
        }
      : { kind: "refused", refusal: "cluster-error", reason: error.message }
  }
}
