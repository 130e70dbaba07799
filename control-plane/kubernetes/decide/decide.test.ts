import { describe, expect, test } from "vitest"
import type { Belief } from "./believe.ts"
import { decide } from "./decide.ts"
import { newMemory } from "./memory.ts"
import { believed, decideFor, minuteMs, policyOf, startMs } from "./testing.ts"

const step = policyOf(
  "step: { signal: { from: metrics.k8s.io, resource: cpu }, target: 70% }\nup: { cooldown: 300s }\ndown: { cooldown: 600s }",
)
const target = policyOf("target: { signal: { from: metrics.k8s.io, resource: cpu }, target: 50% }")
const total = policyOf(
  "target: { signal: { from: prometheus, url: http://p, query: q }, target: 10, measures: total }\nup: { rates: [{ pods: 100, period: 15s }] }",
)
const queue = policyOf(
  "queue: { length: { from: redis-list, key: k }, ratePerReplica: 2, drain: 60s }\nup: { rates: [{ pods: 100, period: 15s }] }",
)

const wants = ({ decision }: ReturnType<typeof decideFor>) => [
  decision.direction,
  decision.desiredReplicas,
  decision.code,
]

describe("step", () => {
  test("takes half as many again above the target", () => {
    expect(wants(decideFor(step, 71, 4))).toEqual(["up", 6, "above-target"])
    expect(wants(decideFor(step, 71, 3))).toEqual(["up", 5, "above-target"])
  })
  test("takes a fifth fewer below 0.7 of it", () => {
    expect(wants(decideFor(step, 20, 10))).toEqual(["down", 8, "below-target"])
    expect(wants(decideFor(step, 20, 3))).toEqual(["down", 2, "below-target"])
  })
  test("does nothing between", () => {
    expect(wants(decideFor(step, 70, 4))).toEqual(["hold", 4, "within-target"])
    expect(wants(decideFor(step, 49, 4))).toEqual(["hold", 4, "within-target"])
  })
  test("does not step down where the next cycle would step up again", () => {
    // 47.3 % of six are 71 % of four.
    expect(wants(decideFor(step, 47.3, 6))).toEqual(["hold", 6, "within-target"])
    const { decision } = decideFor(step, 47.3, 6)
    expect(decision.reasons.join(" ")).toMatch(/with 4 replicas it would come to 70.95, and be taken back/)
  })
  test("waits for its cooldowns: up since the last up, down since any change", () => {
    const memory = { ...newMemory(0), changes: [{ atMs: startMs - 200_000, from: 2, to: 4 }] }
    expect(wants(decideFor(step, 90, 4, { memory }))).toEqual(["hold", 4, "cooldown"])
    expect(wants(decideFor(step, 10, 4, { memory }))).toEqual(["hold", 4, "cooldown"])
    const down = { ...newMemory(0), changes: [{ atMs: startMs - 200_000, from: 5, to: 4 }] }
    expect(wants(decideFor(step, 90, 4, { memory: down }))).toEqual(["up", 6, "above-target"])
    expect(decideFor(step, 10, 4, { memory: down }).decision.reasons.join(" ")).toMatch(/400 s of the cooldown remain/)
  })
})

describe("target, by HPA v2's published rules", () => {
  test.each([
    // The documentation's own examples: twice the target doubles, half of it halves.
    [100, 4, ["up", 8, "above-target"]],
    [25, 8, ["down", 4, "below-target"]],
    // Rounded up, so that the target is met.
    [60, 4, ["up", 5, "above-target"]],
    [40, 7, ["down", 6, "below-target"]],
    // Within a tenth nothing is done, at its border neither.
    [55, 4, ["hold", 4, "within-target"]],
    [45, 4, ["hold", 4, "within-target"]],
  ])("%d %% on %d replicas", (value, current, expected) => {
    expect(wants(decideFor(target, value, current))).toEqual(expected)
  })
  test("a sum is shared by the replicas", () => {
    expect(wants(decideFor(total, 61, 2))).toEqual(["up", 7, "above-target"])
    expect(wants(decideFor(total, 31, 6))).toEqual(["down", 4, "below-target"])
  })
  test("pods that are still starting count as unused when it would go up", () => {
    // 100 % on two of four is 50 % on all four.
    expect(wants(decideFor(target, 100, 4, { readyReplicas: 2 }))).toEqual(["hold", 4, "within-target"])
    expect(wants(decideFor(target, 200, 4, { readyReplicas: 2 }))).toEqual(["up", 8, "above-target"])
  })
  test("goes down only to the most that was wanted in five minutes", () => {
    const memory = { ...newMemory(0), recommendations: [{ atMs: startMs - 4 * minuteMs, replicas: 7 }] }
    expect(wants(decideFor(target, 10, 8, { memory }))).toEqual(["down", 7, "below-target"])
    const older = { ...newMemory(0), recommendations: [{ atMs: startMs - 6 * minuteMs, replicas: 7 }] }
    expect(wants(decideFor(target, 10, 8, { memory: older }))).toEqual(["down", 2, "below-target"])
  })
  test("goes up by four pods or a doubling in 15 s, whatever is more", () => {
    expect(wants(decideFor(target, 1_000, 2))).toEqual(["up", 6, "above-target"])
    const memory = { ...newMemory(0), changes: [{ atMs: startMs - 10_000, from: 2, to: 6 }] }
    expect(wants(decideFor(target, 1_000, 6, { memory }))).toEqual(["hold", 6, "rate-limited"])
  })
})

describe("queue", () => {
  test("takes as many replicas as empty it in time", () => {
    expect(wants(decideFor(queue, believed(0), 4, { beliefs: { length: believed(480) } }))).toEqual([
      "hold",
      4,
      "within-target",
    ])
    expect(wants(decideFor(queue, believed(0), 4, { beliefs: { length: believed(900) } }))).toEqual([
      "up",
      8,
      "above-target",
    ])
    expect(wants(decideFor(queue, believed(0), 4, { beliefs: { length: believed(0) } }))).toEqual([
      "down",
      2,
      "below-target",
    ])
  })
})

describe("whatever the mode", () => {
  const doubt: Belief = { believed: false, code: "no-data", reason: "prometheus has no data" }

  test("what is not believed changes nothing", () => {
    expect(wants(decideFor(step, doubt, 4))).toEqual(["hold", 4, "no-data"])
  })
  test("bounds hold, and say so", () => {
    expect(wants(decideFor(step, 90, 10))).toEqual(["hold", 10, "at-bound"])
    expect(wants(decideFor(step, 1, 2))).toEqual(["hold", 2, "at-bound"])
    expect(wants(decideFor(target, 100, 9))).toEqual(["up", 10, "above-target"])
  })
  test("more replicas than allowed are not taken away while all are needed", () => {
    expect(wants(decideFor(target, 100, 14))).toEqual(["hold", 14, "above-max"])
    expect(wants(decideFor(target, 50, 14))).toEqual(["down", 10, "above-max"])
  })
  test("fewer replicas than allowed are brought up to the least", () => {
    expect(wants(decideFor(target, 50, 1))).toEqual(["up", 2, "below-min"])
  })
  test("without a past nothing goes down for a first window, and up at once", () => {
    const memory = newMemory(startMs - minuteMs)
    expect(wants(decideFor(step, 10, 8, { memory }))).toEqual(["hold", 8, "first-window"])
    expect(wants(decideFor(step, 90, 4, { memory }))).toEqual(["up", 6, "above-target"])
  })
  test("a load that fell to under a fifth within the hour is held", () => {
    const signal = Array.from({ length: 20 }, (_, i) => ({
      atMs: startMs - (i + 1) * minuteMs,
      value: 60,
    })).toReversed()
    const memory = { ...newMemory(0), samples: { signal } }
    expect(wants(decideFor(step, 11, 8, { memory }))).toEqual(["hold", 8, "collapse"])
    expect(wants(decideFor(step, 13, 8, { memory }))).toEqual(["down", 6, "below-target"])
    expect(wants(decideFor(step, 11, 8, { memory, nowMs: startMs + 61 * minuteMs }))).toEqual([
      "down",
      6,
      "below-target",
    ])
  })
  test("after so many changes in an hour it stops", () => {
    const changes = Array.from({ length: 30 }, (_, i) => ({ atMs: startMs - 3_500_000 + i * 1_000, from: 4, to: 5 }))
    expect(wants(decideFor(target, 100, 4, { memory: { ...newMemory(0), changes } }))).toEqual(["hold", 4, "breaker"])
  })
  test("the present choice is remembered with what was read, once for each measurement", () => {
    const first = decideFor(target, 100, 4)
    const again = decide(target, {
      beliefs: { signal: believed(100) },
      currentReplicas: 4,
      readyReplicas: 4,
      memory: first.memory,
      nowMs: startMs + 5_000,
    })
    expect(again.memory.recommendations).toHaveLength(2)
    expect(again.memory.samples["signal"]).toEqual([{ atMs: startMs, value: 100 }])
  })
})
