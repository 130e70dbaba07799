import type { Policy } from "../policies/policy.ts"
import { parsePolicies } from "../policies/parse-policies.ts"
import type { Belief } from "./believe.ts"
import { decide } from "./decide.ts"
import type { DecideInput } from "./decide.ts"
import { newMemory } from "./memory.ts"

export const minuteMs = 60_000
/** Any moment; tests count from it. */
export const startMs = 1_800_000_000_000

/** A policy from the text of its mode and rules, e.g. `step: { … }`; two to ten replicas. */
export const policyOf = (lines: string): Policy => {
  const parsed = parsePolicies(
    `policies:\n  - name: web\n    deployment: web\n    replicas: { min: 2, max: 10 }\n${lines
      .split("\n")
      .map((line) => `    ${line}`)
      .join("\n")}\n`,
  )
  const [policy] = parsed.policies ?? []
  if (policy === undefined) throw new Error(JSON.stringify(parsed.problems))
  return policy
}

export const believed = (value: number, atMs = startMs): Belief => ({
  believed: true,
  sample: { value, measuredAtMs: atMs },
  source: "test",
  isFallback: false,
})

/** Decides about one signal's value, an hour after the policy began to be watched. */
export const decideFor = (
  policy: Policy,
  value: number | Belief,
  currentReplicas: number,
  given: Partial<DecideInput> = {},
) => {
  const nowMs = given.nowMs ?? startMs
  return decide(policy, {
    beliefs: { signal: typeof value === "number" ? believed(value, nowMs) : value },
    currentReplicas,
    readyReplicas: currentReplicas,
    memory: newMemory(nowMs - 3_600_000),
    nowMs,
    ...given,
  })
}
