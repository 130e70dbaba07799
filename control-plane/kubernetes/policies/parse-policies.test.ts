import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { parsePolicies } from "./parse-policies.ts"

const problems = (yaml: string): readonly string[] =>
  (parsePolicies(yaml).problems ?? []).map(({ line, column, message }) => `${line}:${column} ${message}`)

const valid = `policies:
  - name: web
    deployment: web
    replicas: { min: 2, max: 10 }
    step:
      signal: { from: metrics.k8s.io, resource: cpu }
      target: 70%
`

test("the three policies of the example are those that were first specified", () => {
  const { policies = [] } = parsePolicies(readFileSync("examples/policies.yaml", "utf8"))
  expect(
    policies.map(({ name, replicas, mode, up, down, write }) => [
      name,
      replicas.min,
      replicas.max,
      mode.kind === "step" ? mode.target : undefined,
      up.cooldownS,
      down.cooldownS,
      write,
    ]),
  ).toEqual([
    ["api-gateway", 3, 10, 70, 300, 600, "observe"],
    ["llm-orchestrator", 3, 15, 15_000, 180, 900, "observe"],
    ["file-processor", 2, 8, 10, 120, 600, "observe"],
  ])
})

test("every problem is named at once, each with its line and column", () => {
  expect(
    problems(`policies:
  - name: a
    deployment: x
    replicas: { min: 5, max: 3, mx: 1 }
    step:
      signal: { from: metrics.k8s.io, resorce: cpu }
      target: 70%
  - name: b
    deployment: y
    replicas: { min: "3", max: 4 }
    step: { signal: { from: metrics.k8s.io, resource: cpu }, target: 70% }
    up: { cooldown: 300 }
`),
  ).toEqual([
    "4:22 `min` must not be above max, which is 3.",
    "4:33 `mx` is no key here; did you mean max?",
    "6:15 `resource` is missing.",
    "6:39 `resorce` is no key here; did you mean resource?",
    "10:22 `min` must be a whole number from 1 to 10000.",
    "12:21 `cooldown` must be a time with its unit, such as 300s, 5m or 1h.",
  ])
})

test("what concerns two fields or two policies is named too", () => {
  expect(
    problems(`policies:
  - name: a
    deployment: x
    replicas: { min: 5, max: 3 }
    step:
      signal: { from: metrics.k8s.io, resource: cpu }
      target: 70
  - name: a
    deployment: x
    replicas: { min: 1, max: 3 }
`),
  ).toEqual([
    "4:22 `min` must not be above max, which is 3.",
    "7:15 `target` must be a percentage such as 70%, the unit of its signal.",
    "8:5 `a` needs a mode: one of step, target, budget, queue.",
    "8:11 `a` is the name of another policy above.",
    "9:17 default/x is the target of `a` already: one policy a deployment.",
  ])
})

test.each([
  ["", "must begin with `policies:`"],
  ["[]", "must begin with `policies:`"],
  ["policies: 3", "must be a list"],
  ["policies: []", "must hold at least one policy"],
  ["policies: [", "1:12"],
  ["a: &a [1]\nb: *c", "alias"],
  [valid.replace("70%", "15s"), "must be a percentage such as 70%"],
  [valid.replace("cpu }", "cpu, scrape: 15 }"), "must be a time with its unit"],
  [valid.replace("metrics.k8s.io", "metrics.k8s"), "must be one of metrics.k8s.io, prometheus"],
  [
    `${valid}    queue: { length: { from: redis-list, key: k }, ratePerReplica: 1, drain: 1m }\n`,
    "one mode too many beside step",
  ],
  [`${valid}    up: { rates: [{ period: 15s }] }\n`, "needs either pods or percent"],
  [`${valid}    up: { rates: [{ pods: 1, period: 45m }] }\n`, "must be from 1s to 30m"],
  [`${valid}    name: web\n`, "unique"],
  [
    valid
      .replace("step:", "target:")
      .replace("{ from: metrics.k8s.io, resource: cpu }", "{ from: gateway, value: p95, url: http://g }")
      .replace("70%", "15s"),
    "does not fall in proportion",
  ],
])("%j is refused, with what is wrong", (yaml, said) => {
  expect(problems(yaml).join("\n")).toContain(said)
})

test("a password in an address is refused, and not repeated", () => {
  const said = problems(
    valid.replace(
      "{ from: metrics.k8s.io, resource: cpu }",
      "{ from: prometheus, url: 'http://u:hunter2@p', query: q, unit: percent }",
    ),
  )
  expect(said.join()).toContain("must hold no password")
  expect(said.join()).not.toContain("hunter2")
})
