import { expect, test } from "vitest"
import { stringify } from "yaml"
import { parsePolicies } from "../policies/parse-policies.ts"
import { exportHpa } from "./export-hpa.ts"
import { importPolicies } from "./import-policies.ts"

const policiesOf = (text: string) => {
  const imported = importPolicies(text)
  const parsed = parsePolicies(stringify({ policies: imported.map(({ policy }) => policy) }))
  return {
    policies: parsed.policies ?? [],
    problems: parsed.problems ?? [],
    notes: imported.flatMap(({ notes }) => notes),
  }
}

const hpa = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: shop }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 2
  maxReplicas: 12
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 65 } }
    - type: Pods
      pods: { metric: { name: x }, target: { type: AverageValue, averageValue: "1" } }
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 120
      policies: [{ type: Pods, value: 2, periodSeconds: 60 }]
`

test("a HorizontalPodAutoscaler becomes a target, and what is lost is said", () => {
  const { policies, problems, notes } = policiesOf(hpa)
  expect(problems).toEqual([])
  expect(policies).toMatchObject([
    {
      name: "web",
      namespace: "shop",
      replicas: { min: 2, max: 12 },
      mode: { kind: "target", target: 65, measures: "average" },
      down: { stabilizationS: 120, rates: [{ kind: "pods", value: 2, periodS: 60 }] },
      write: "observe",
    },
  ])
  expect(notes).toEqual(["The metric of type Pods is not carried over."])
})

test("what went in comes out again", () => {
  const [policy] = policiesOf(hpa).policies
  const { hpa: out } = exportHpa(policy!)
  expect(out).toMatchObject({
    metadata: { name: "web", namespace: "shop" },
    spec: {
      minReplicas: 2,
      maxReplicas: 12,
      metrics: [{ resource: { name: "cpu", target: { averageUtilization: 65 } } }],
      behavior: {
        scaleDown: { stabilizationWindowSeconds: 120, policies: [{ type: "Pods", value: 2, periodSeconds: 60 }] },
      },
    },
  })
})

test("a list as kubectl prints it is read whole", () => {
  const item = JSON.stringify({
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "a" },
    spec: { scaleTargetRef: { kind: "Deployment", name: "a" }, maxReplicas: 3 },
  })
  const { policies, notes } = policiesOf(`{"kind":"List","items":[${item},${item.replaceAll('"a"', '"b"')}]}`)
  expect(policies.map(({ name }) => name)).toEqual(["a", "b"])
  expect(notes[0]).toMatch(/no metric/)
})

test("a ScaledObject's first trigger is shared by the replicas, and zero is left to people", () => {
  const { policies, notes } = policiesOf(`apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: jobs }
spec:
  scaleTargetRef: { name: worker }
  maxReplicaCount: 20
  triggers:
    - type: redis
      metadata: { address: redis:6379, listName: jobs, listLength: "10" }
    - type: cron
      metadata: { start: 0 8 * * * }
`)
  expect(policies).toMatchObject([
    {
      deployment: "worker",
      replicas: { min: 1, max: 20 },
      mode: { kind: "target", target: 10, measures: "total", signal: { source: { from: "redis-list", key: "jobs" } } },
    },
  ])
  expect(notes).toEqual(["The trigger of type cron is not carried over.", expect.stringMatching(/goes down to 0/)])
})

test("the first shape, in TypeScript, is read and never run", () => {
  const { policies, problems } = policiesOf(`
import { Policy } from "./types"
// ours
export const policies: Policy[] = [
  { deployment: 'api-gateway', namespace: 'default', minReplicas: 3, maxReplicas: 10, targetMetric: 'cpu', targetValue: 70, scaleUpCooldown: 300, scaleDownCooldown: 600 }, // note
  { deployment:"file-processor", minReplicas: 2, maxReplicas: 8, targetMetric: 'queueLength', targetValue: 10, scaleUpCooldown: 120_000, scaleDownCooldown: 600_000 },
] as const
process.exit(7)
`)
  expect(problems).toEqual([])
  expect(
    policies.map(({ name, mode, up, down }) => [
      name,
      mode.kind === "step" && mode.target,
      up.cooldownS,
      down.cooldownS,
    ]),
  ).toEqual([
    ["api-gateway", 70, 300, 600],
    ["file-processor", 10, 120, 600],
  ])
})

test.each(["", "hello", "[]", "{", "kind: Deployment"])("nothing is made of %j", (text) => {
  expect(importPolicies(text)).toEqual([])
})

test("what no autoscaler can do is said, not made up", () => {
  const { policies } = parsePolicies(`policies:
  - name: jobs
    deployment: jobs
    replicas: { min: 1, max: 5 }
    queue: { length: { from: redis-list, key: k }, ratePerReplica: 1, drain: 60s }
`)
  expect(exportHpa(policies![0]!)).toEqual({ notes: ["jobs: no HorizontalPodAutoscaler has the mode queue."] })
})
