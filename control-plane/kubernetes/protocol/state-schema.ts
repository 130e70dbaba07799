import * as v from "valibot"
import { decisionCodes } from "../decision.ts"
import { refusals } from "./history-entry.ts"
import type { ScaleState } from "./state.ts"

const count = v.pipe(v.number(), v.finite())
const memory = v.object({
  recommendations: v.array(v.object({ atMs: count, replicas: count })),
  changes: v.array(v.object({ atMs: count, from: count, to: count })),
  samples: v.record(
    v.string(),
    v.array(v.object({ atMs: count, value: count, isFallback: v.exactOptional(v.boolean()) })),
  ),
  headroom: count,
  sinceMs: count,
})
const outcome = v.variant("kind", [
  v.object({ kind: v.picklist(["held", "observed", "written"]) }),
  v.object({ kind: v.literal("refused"), refusal: v.picklist(refusals), reason: v.string() }),
  v.object({ kind: v.picklist(["overtaken", "failed"]), reason: v.string() }),
])
const entry = v.object({
  id: v.string(),
  at: v.string(),
  policy: v.string(),
  namespace: v.string(),
  deployment: v.string(),
  values: v.record(v.string(), v.nullable(v.number())),
  readyReplicas: v.number(),
  decision: v.object({
    direction: v.picklist(["up", "down", "hold"]),
    currentReplicas: v.number(),
    desiredReplicas: v.number(),
    code: v.picklist(decisionCodes),
    reasons: v.array(v.string()),
  }),
  outcome,
})
const policyState = v.object({
  memory,
  seenReplicas: v.exactOptional(count),
  intent: v.exactOptional(v.object({ id: v.string(), atMs: count, from: count, to: count })),
  handsOffUntilMs: v.exactOptional(count),
  pause: v.exactOptional(v.object({ untilMs: count, reason: v.string() })),
  pin: v.exactOptional(v.object({ replicas: count, untilMs: count, reason: v.string() })),
  badSinceMs: v.exactOptional(count),
  told: v.array(v.string()),
})

const notice = v.object({
  id: v.string(),
  at: v.string(),
  severity: v.picklist(["info", "warning", "critical"]),
  subject: v.string(),
  title: v.string(),
  body: v.string(),
})

export const ScaleStateSchema: v.GenericSchema<unknown, ScaleState> = v.object({
  version: v.literal(1),
  policies: v.record(v.string(), policyState),
  history: v.array(entry),
  outbox: v.object({
    entries: v.array(v.object({ notice, channels: v.array(v.string()), attempts: v.number(), dueAtMs: v.number() })),
    dropped: v.number(),
  }),
})
