import { expect, test } from "vitest"
import type { Observation } from "../../contract/provider-board.ts"
import { seededRandom } from "../../dev/simulated-providers/seeded.ts"
import { addResponseTime, keptKinds, newResponseTimes, speedOf, typicalTimes } from "./response-times.ts"
import type { ResponseTimes } from "./response-times.ts"

const answered = (responseTimeMs: number, rest: Partial<Observation> = {}): Observation => ({
  candidate: "openai/gpt-4o",
  ok: true,
  responseTimeMs,
  at: 0,
  ...rest,
})
const after = (observations: readonly Observation[], before: ResponseTimes = newResponseTimes): ResponseTimes =>
  observations.reduce(addResponseTime, before)

test("speed is that of the last 100 successes", () => {
  const times = after([answered(90_000), ...Array.from({ length: 100 }, (_, index) => answered(index + 1))])
  expect(speedOf(times)).toEqual({ responseTimeMs: 50.5, responseTimeSamples: 100, p50Ms: 50, p95Ms: 95 })
})

test("failures, silences and first tokens say nothing about whole answers", () => {
  expect(after([{ ...answered(80), ok: false }])).toBe(newResponseTimes)
  expect(after([{ candidate: "openai/gpt-4o", ok: true, firstTokenMs: 300, at: 0 }])).toBe(newResponseTimes)
  expect(speedOf(newResponseTimes)).toEqual({ responseTimeSamples: 0 })
})

test("each kind of request has its own times, and all together have theirs", () => {
  const times = after([
    ...Array.from({ length: 30 }, () => answered(1_000, { kind: "count/small" })),
    ...Array.from({ length: 10 }, () => answered(9_000, { kind: "table/large" })),
  ])
  const typical = typicalTimes(times)
  expect(typical["count/small"]?.p50Ms).toBeLessThan(1_200)
  expect(typical["table/large"]?.p50Ms).toBeGreaterThan(8_000)
  expect(typical[""]).toMatchObject({ samples: 40 })
  expect(typical[""]?.p50Ms).toBeLessThan(1_200)
})

test("of ever new kinds, those heard of last are kept", () => {
  const times = after(Array.from({ length: 100 }, (_, index) => answered(1_000, { kind: `kind ${index}` })))
  expect(Object.keys(times.byKind)).toHaveLength(keptKinds)
  expect(times.byKind).toHaveProperty("kind 99")
})

test("what is stated as nine in ten is moved until nine in ten really are within", () => {
  const random = seededRandom("41")
  /** Every answer takes up to 1.6 times as long as those that the histogram remembers. */
  let times = newResponseTimes
  let within = 0
  const total = 4_000
  for (let index = 0; index < total; index++) {
    const statedP90Ms = typicalTimes(times)[""]?.p90Ms ?? 3_000
    const ms = 1_000 * Math.exp(random() * 2) * (1 + 0.3 * Math.sin(index / 150))
    if (index >= total / 2 && ms <= statedP90Ms) within++
    times = after([answered(ms, { statedP90Ms })], times)
  }
  expect(within / (total / 2)).toBeGreaterThan(0.87)
  expect(within / (total / 2)).toBeLessThan(0.93)
  const { stated, within: counted } = times.calibration
  expect(stated).toBeCloseTo(1_000)
  expect(counted / stated).toBeGreaterThan(0.86)
})
