import { describe, expect, test } from "vitest"
import { lateShare } from "../decide/erlang.ts"
import { parsePolicies } from "../policies/parse-policies.ts"
import type { NamedScaler } from "./scaler.ts"
import { byPolicy } from "./scalers/by-policy.ts"
import { hpa } from "./scalers/hpa.ts"
import { kpa } from "./scalers/kpa.ts"
import { originalOnLatency, originalOnUtilization } from "./scalers/original-step.ts"
import { simulate } from "./simulate.ts"
import type { Trace } from "./trace.ts"
import { usualWorld } from "./world.ts"

const fixed = (replicas: number): NamedScaler => ({ name: "fixed", create: () => () => replicas })
const flat = (rate: number, lengthS = 21_600): Trace => ({
  name: "flat",
  rates: Array.from({ length: lengthS / 60 }, () => rate),
  stepS: 60,
})
const bounds = { min: 2, max: 40 }

describe("the simulated station", () => {
  test("makes as many wait as Erlang's formula says, where work takes exponential time or close to it", () => {
    // A log-normal with sigma 0.83 varies as an exponential does (a coefficient of variation of 1).
    const world = { ...usualWorld, sigma: Math.sqrt(Math.LN2), waitS: 1 }
    const score = simulate(flat(6, 86_400), fixed(5), { world, seed: 3, startReplicas: 5 })
    const expected = lateShare(20, 6, 3, 1)
    expect(score.lateShare / expected).toBeGreaterThan(0.8)
    expect(score.lateShare / expected).toBeLessThan(1.25)
  })
  test("gets the requests that the trace has, and counts the hours that it pays for", () => {
    const score = simulate(flat(5), fixed(6), { world: usualWorld, seed: 1, startReplicas: 6 })
    expect(score.requests / (5 * 21_600)).toBeCloseTo(1, 1)
    expect(score.replicaHours).toBeCloseTo(36, 6)
    expect(score.changes).toBe(0)
  })
  test("gives the same for the same seed, and other luck for another", () => {
    const run = (seed: number) => simulate(flat(8), hpa(0.7, 4, bounds), { world: usualWorld, seed, startReplicas: 8 })
    expect(run(1)).toEqual(run(1))
    expect(run(2).requests).not.toBe(run(1).requests)
  })
  test("a new replica works only after its start-up, and who is cut off is counted", () => {
    const world = { ...usualWorld, graceS: 1 }
    const jump: NamedScaler = {
      name: "jump",
      create:
        () =>
        ({ nowS }) =>
          nowS < 3_600 ? 20 : 4,
    }
    const score = simulate(flat(5, 7_200), jump, { world, seed: 1, startReplicas: 4 })
    expect(score.cut).toBeGreaterThan(0)
    expect(score.course.find(({ atS }) => atS === 120)?.replicas).toBe(20)
  })
  test("an overloaded service is late, also for those who still wait at the end", () => {
    const score = simulate(flat(10, 3_600), fixed(2), { world: usualWorld, seed: 1, startReplicas: 2 })
    expect(score.lateShare).toBeGreaterThan(0.95)
  })
})

const wave: Trace = {
  name: "wave",
  rates: Array.from({ length: 720 }, (_, step) => 10 - 6 * Math.cos((2 * Math.PI * step) / 720)),
  stepS: 60,
}

describe("what it compares", () => {
  test.each([hpa(0.7, 4, bounds), kpa(4, bounds), originalOnUtilization(bounds), originalOnLatency(3, bounds)])(
    "$name follows a wave within its bounds",
    (scaler) => {
      const { course, lateShare: late } = simulate(wave, scaler, { world: usualWorld, seed: 1, startReplicas: 5 })
      const counts = course.map(({ replicas }) => replicas)
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(2)
      expect(Math.max(...counts)).toBeGreaterThan(Math.min(...counts) + 3)
      expect(late).toBeLessThan(0.4)
    },
  )
  test("a budget is kept by fewer replicas than a HorizontalPodAutoscaler takes, and its metrics may freeze", () => {
    const signal = (unit: string): string =>
      `{ from: prometheus, url: "http://p", query: q, unit: ${unit}, fallback: { from: prometheus, url: "http://s", query: q, unit: ${unit} } }`
    const { policies } = parsePolicies(
      `policies: [{ name: ours, deployment: d, replicas: { min: 2, max: 40 }, budget: { slots: 4, rate: ${signal("count")}, serviceTime: ${signal("ms")}, lateShare: ${signal("percent")}, inFlight: ${signal("count")} } }]`,
    )
    const [policy] = policies ?? []
    if (policy === undefined) throw new Error("The policy of this test is broken.")
    const setting = { world: usualWorld, seed: 5, startReplicas: 6 }
    const ours = simulate(wave, byPolicy(policy), setting)
    expect(ours.lateShare).toBeLessThan(0.02)
    expect(ours.replicaHours).toBeLessThan(simulate(wave, hpa(0.7, 4, bounds), setting).replicaHours)
    const frozen = simulate({ ...wave, frozenS: { from: 9_000, to: 12_600 } }, byPolicy(policy), setting)
    expect(frozen.lateShare).toBeLessThan(0.03)
  })
})
