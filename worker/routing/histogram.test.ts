import { expect, test } from "vitest"
import { seededRandom } from "../../dev/simulated-providers/seeded.ts"
import { addTime, bucketCount, emptyHistogram, mergeHistograms, quantileOf, totalOf } from "./histogram.ts"
import type { Histogram } from "./histogram.ts"

const of = (times: readonly number[]): Histogram => times.reduce(addTime, emptyHistogram)
const logNormal = (random: () => number): number =>
  2_000 * Math.exp(0.6 * Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random()))

test("of nothing there is no quantile", () => {
  expect(quantileOf(emptyHistogram, 0.5)).toBeUndefined()
})

test("quantiles are right to a bucket's width, whatever the times", () => {
  const random = seededRandom("31")
  const times = Array.from({ length: 200 }, () => logNormal(random))
  const sorted = times.toSorted((a, b) => a - b)
  for (const share of [0.1, 0.5, 0.9, 0.99]) {
    const exact = sorted[Math.ceil(share * times.length) - 1] ?? 0
    const found = quantileOf(of(times), share) ?? 0
    expect(found / exact).toBeGreaterThan(1 / 1.17)
    expect(found / exact).toBeLessThan(1.17)
  }
})

test("a higher share never has a lower quantile, and merging lies between its parts", () => {
  const random = seededRandom("32")
  for (let draw = 0; draw < 100; draw++) {
    const [one, other] = [0, 1].map(() => of(Array.from({ length: 1 + random() * 30 }, () => logNormal(random) * 3)))
    if (one === undefined || other === undefined) continue
    const merged = mergeHistograms(one, other)
    expect(totalOf(merged)).toBeCloseTo(totalOf(one) + totalOf(other))
    let before = 0
    for (const share of [0, 0.2, 0.5, 0.8, 0.9, 1]) {
      const [a, b, both] = [one, other, merged].map((each) => quantileOf(each, share) ?? 0) as [number, number, number]
      expect(both).toBeGreaterThanOrEqual(before)
      if (share > 0) expect(both).toBeGreaterThanOrEqual(Math.min(a, b) / 1.16)
      if (share < 1) expect(both).toBeLessThanOrEqual(Math.max(a, b) * 1.16)
      before = both
    }
  }
})

test("times out of its range fall into the buckets at its ends", () => {
  expect(of([0, -3, 1])).toHaveLength(1)
  expect(of([1e12])).toHaveLength(bucketCount)
})

test("old times fade: two hundred new ones leave little of the old", () => {
  const moved = [...Array.from({ length: 300 }, () => 1_000), ...Array.from({ length: 600 }, () => 9_000)]
  expect(totalOf(of(moved))).toBeCloseTo(200)
  expect(quantileOf(of(moved), 0.1)).toBeGreaterThan(7_000)
})
