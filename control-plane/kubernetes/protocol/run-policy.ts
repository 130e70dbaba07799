import type { Notice } from "../../notifications/notice.ts"
import type { Send } from "../client/send.ts"
import { decide } from "../decide/decide.ts"
import { newMemory, trimMemory } from "../decide/memory.ts"
import type { Decision } from "../decision.ts"
import type { Policy } from "../policies/policy.ts"
import type { HistoryEntry, Outcome } from "./history-entry.ts"
import { newsOf, noticesOf } from "./notices.ts"
import { observeTarget } from "./observe-target.ts"
import type { Target } from "./observe-target.ts"
import { pinned } from "./pin.ts"
import { readBeliefs } from "./read-beliefs.ts"
import type { ReadSource } from "./read-beliefs.ts"
import { reconcile } from "./reconcile.ts"
import type { Intent, PolicyState } from "./state.ts"
import { writeReplicas } from "./write-replicas.ts"

export interface CyclePorts {
  readonly send: Send
  readonly readSource: ReadSource
  readonly now: () => number
  readonly newId: () => string
  /** Keeps the policy's state before anything is written; throws where another instance leads now. */
  readonly keep: (state: PolicyState) => Promise<void>
  /** Writes a Kubernetes Event; what goes wrong with it is nobody's trouble. */
  readonly event: (entry: HistoryEntry, uid: string) => Promise<void>
}

export interface Ran {
  readonly state: PolicyState
  readonly entry: HistoryEntry
  /** What people should hear of it. */
  readonly notices: readonly Notice[]
}

/**
 * One cycle of one policy: look, believe, decide, keep the intent, write, read back, tell. Nothing is written that was not
 * kept before, and nothing at all where somebody else has the say.
 */
export const runPolicy = async (policy: Policy, known: PolicyState | undefined, ports: CyclePorts): Promise<Ran> => {
  const nowMs = ports.now()
  const before: PolicyState = known ?? { memory: newMemory(nowMs), told: [] }
  const [target, beliefs] = await Promise.all([
    observeTarget(ports.send, policy, before, nowMs),
    readBeliefs(policy, before.memory, ports),
  ])
  const id = ports.newId()
  const { state, target: allowed } = settle(policy, before, target, nowMs)
  const decided = decide(policy, {
    beliefs,
    currentReplicas: target.scale?.replicas ?? state.seenReplicas ?? 0,
    readyReplicas: target.readyReplicas ?? 0,
    memory: state.memory,
    nowMs,
  })
  const decision = pinned(policy, state.pin, decided.decision, nowMs)
  const remembered = withDoubts({ ...state, memory: decided.memory }, decision, nowMs)
  const { state: after, outcome } = await carryOut(policy, remembered, decision, allowed, id, ports)
  const entry: HistoryEntry = {
    id,
    at: new Date(nowMs).toISOString(),
    policy: policy.name,
    namespace: policy.namespace,
    deployment: policy.deployment,
    values: Object.fromEntries(
      Object.entries(beliefs).map(([name, belief]) => [name, belief.believed ? belief.sample.value : null]),
    ),
    readyReplicas: target.readyReplicas ?? 0,
    decision,
    outcome,
  }
  if (outcome.kind === "written") await ports.event(entry, target.scale?.uid ?? "")
  return { entry, ...noticesOf(newsOf(policy, entry, after, nowMs), policy, after, entry) }
}

/** What is remembered, against what there is; and whether a person's hand is still on it. */
const settle = (
  policy: Policy,
  before: PolicyState,
  target: Target,
  nowMs: number,
): { readonly state: PolicyState; readonly target: Target } => {
  if (target.scale === undefined) return { state: before, target }
  const { state, changedByAnother } = reconcile(before, target.scale.replicas, policy, nowMs)
  if (target.kind === "refused") return { state, target }
  const { handsOffUntilMs } = state
  if (handsOffUntilMs === undefined) return { state, target }
  if (handsOffUntilMs <= nowMs) {
    const { handsOffUntilMs: _, ...free } = state
    return { state: free, target }
  }
  const { from, to } = changedByAnother ?? { from: undefined, to: target.scale.replicas }
  const what = from === undefined ? `${to} replicas were set` : `${from} → ${to} replicas were set`
  const reason = `${what} by somebody else; that is left alone until ${new Date(handsOffUntilMs).toISOString()}.`
  const { scale, readyReplicas } = target
  return { state, target: { kind: "refused", refusal: "changed-by-another", reason, scale, readyReplicas } }
}

const doubts: ReadonlySet<Decision["code"]> = new Set(["no-data", "not-a-number", "stale", "implausible", "frozen"])

const withDoubts = (state: PolicyState, { code }: Decision, nowMs: number): PolicyState => {
  const { badSinceMs, ...rest } = state
  return doubts.has(code) ? { ...rest, badSinceMs: badSinceMs ?? nowMs } : rest
}

interface CarriedOut {
  readonly state: PolicyState
  readonly outcome: Outcome
}

const carryOut = async (
  policy: Policy,
  state: PolicyState,
  decision: Decision,
  target: Target,
  id: string,
  { send, keep, now }: CyclePorts,
): Promise<CarriedOut> => {
  if (target.kind === "refused") {
    return { state, outcome: { kind: "refused", refusal: target.refusal, reason: target.reason } }
  }
  if (decision.direction === "hold") return { state, outcome: { kind: "held" } }
  const { desiredReplicas: to, currentReplicas: from } = decision
  const { min, max } = policy.replicas
  // The last gate, whatever was decided and by whom.
  if (!Number.isSafeInteger(to) || to < min || to > max) {
    return { state, outcome: { kind: "failed", reason: `${to} replicas are outside of ${min} to ${max}.` } }
  }
  if (policy.write === "observe") return { state, outcome: { kind: "observed" } }
  const intent: Intent = { id, atMs: now(), from, to }
  await keep({ ...state, intent })
  const outcome = await writeReplicas(send, policy, target.scale, to)
  if (outcome.kind === "written") {
    const changes = [...state.memory.changes, { atMs: intent.atMs, from, to }]
    const memory = trimMemory({ ...state.memory, changes }, intent.atMs)
    return { state: { ...state, memory, seenReplicas: to }, outcome }
  }
  // What came of it shows in the next cycle, which finds the intent.
  return { state: { ...state, intent }, outcome }
}
