import { expect, test } from "vitest"
import type { Reading } from "../sample.ts"
import { believe } from "./believe.ts"
import { decide } from "./decide.ts"
import { newMemory } from "./memory.ts"
import type { PolicyMemory } from "./memory.ts"
import { signalsOf } from "../policies/policy.ts"
import { policyOf, startMs } from "./testing.ts"

const oddValues: readonly unknown[] = [
  Number.NaN,
  null,
  Number.POSITIVE_INFINITY,
  -1,
  1e308,
  "",
  [],
  "NaN",
  undefined,
  true,
  {},
  "+Inf",
  "0x10",
  " ",
]

const policies = [
  "step: { signal: { from: metrics.k8s.io, resource: cpu }, target: 70% }",
  "target: { signal: { from: metrics.k8s.io, resource: cpu }, target: 50% }",
  "target: { signal: { from: prometheus, url: http://p, query: q }, target: 10, measures: total }",
  "budget:\n  rate: { from: prometheus, url: http://p, query: r }\n  serviceTime: { from: prometheus, url: http://p, query: s, unit: ms }\n  lateShare: { from: prometheus, url: http://p, query: l, unit: percent }\n  slots: 4",
  "queue: { length: { from: redis-list, key: k }, ratePerReplica: 2, drain: 60s }",
].map(policyOf)

/** A small generator of random numbers (mulberry32), so that a failure can be repeated. */
const seeded = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
}

test("in ten thousand cycles of good and bad readings: whole numbers within the bounds, up on good data alone, never down on bad", () => {
  const random = seeded(7)
  for (const policy of policies) {
    const { min, max } = policy.replicas
    let memory: PolicyMemory = newMemory(startMs)
    let current = 4
    for (let cycle = 0; cycle < 2_000; cycle++) {
      const nowMs = startMs + cycle * 15_000
      let isGood = true
      const beliefs = Object.fromEntries(
        Object.entries(signalsOf(policy)).map(([name, signal]) => {
          const pick = random()
          const value = pick < 0.6 ? 10 ** (random() * 5 - 1) : oddValues[Math.floor(random() * oddValues.length)]
          const measuredAtMs = random() < 0.9 ? nowMs - 5_000 : nowMs - 100_000
          const reading: Reading =
            random() < 0.05
              ? { kind: "no-data", reason: "empty", source: "test" }
              : { kind: "sample", sample: { value, measuredAtMs, readAtMs: nowMs, source: "test" } }
          const belief = believe(reading, signal, { past: memory.samples[name] ?? [], nowMs, scrapeS: 15 })
          if (!belief.believed && name !== "lateShare") isGood = false
          if (belief.believed) expect(Number.isFinite(belief.sample.value) && belief.sample.value >= 0).toBe(true)
          return [name, belief] as const
        }),
      )
      // Now and then somebody else sets the count, out of bounds as well.
      if (random() < 0.02) current = Math.floor(random() * 15)
      const { decision, memory: next } = decide(policy, {
        beliefs,
        currentReplicas: current,
        readyReplicas: current,
        memory,
        nowMs,
      })
      const { desiredReplicas: desired, direction } = decision
      expect(Number.isSafeInteger(desired)).toBe(true)
      if (direction === "hold") expect(desired).toBe(current)
      else {
        expect(isGood).toBe(true)
        expect(desired >= min && desired <= max).toBe(true)
        expect(direction).toBe(desired > current ? "up" : "down")
      }
      if (cycle % 100 === 0) expect(JSON.parse(JSON.stringify(next))).toEqual(next)
      memory =
        direction === "hold"
          ? next
          : { ...next, changes: [...next.changes, { atMs: nowMs, from: current, to: desired }] }
      current = desired
    }
    expect(JSON.stringify(memory).length).toBeLessThan(60_000)
  }
})

test("1e308 of anything asks for no more than the bounds", () => {
  for (const policy of policies) {
    const beliefs = Object.fromEntries(
      Object.keys(signalsOf(policy)).map((name) => [
        name,
        { believed: true, sample: { value: 1e308, measuredAtMs: startMs }, source: "t", isFallback: false } as const,
      ]),
    )
    const { decision } = decide(policy, {
      beliefs,
      currentReplicas: 4,
      readyReplicas: 4,
      memory: newMemory(0),
      nowMs: startMs,
    })
    expect(decision.desiredReplicas).toBeLessThanOrEqual(policy.replicas.max)
  }
})
