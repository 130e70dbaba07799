import type { Decision } from "../decision.ts"
import type { Policy } from "../policies/policy.ts"
import type { Pin } from "./state.ts"

/** A person's order takes the place of what was decided, within the policy's bounds, until it ends. */
export const pinned = (policy: Policy, pin: Pin | undefined, decision: Decision, nowMs: number): Decision => {
  if (pin === undefined || pin.untilMs <= nowMs) return decision
  const { currentReplicas } = decision
  const { min, max } = policy.replicas
  const desired = Math.min(max, Math.max(min, pin.replicas))
  const until = `${pin.replicas} replicas were ordered until ${new Date(pin.untilMs).toISOString()}: ${pin.reason}`
  return {
    direction: desired > currentReplicas ? "up" : desired < currentReplicas ? "down" : "hold",
    currentReplicas,
    desiredReplicas: desired,
    code: "pinned",
    reasons: [until],
  }
}
