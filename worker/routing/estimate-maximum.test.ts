import { describe, expect, test } from "vitest"
import { maximumOf, spreadAround } from "./estimate-maximum.ts"

const logNormal = (median: number, sigma: number) => ({
  p50Ms: median,
  p90Ms: median * Math.exp(1.2815515655446004 * sigma),
})

test("of one, it is that one", () => {
  const { p50Ms, p90Ms } = maximumOf([logNormal(2_000, 0.5)])
  expect(p50Ms).toBeCloseTo(2_000, -1)
  expect(p90Ms).toBeCloseTo(logNormal(2_000, 0.5).p90Ms, -1)
})

test("three alike take as long as the slowest: each is below it with the third root of the share", () => {
  const sigma = 0.8
  const { p50Ms } = maximumOf([logNormal(2_000, sigma), logNormal(2_000, sigma), logNormal(2_000, sigma)])
  // The standard normal quantile at 0.5 ** (1 / 3) is 0.8193.
  expect(p50Ms).toBeCloseTo(2_000 * Math.exp(0.8193 * sigma), -2)
})

test("agrees with a draw of ten thousand", () => {
  let state = 1
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())
  const parts = [
    [3_000, 0.4],
    [2_000, 0.9],
    [4_000, 0.2],
  ] as const
  const draws = Array.from({ length: 10_000 }, () =>
    Math.max(...parts.map(([median, sigma]) => median * Math.exp(sigma * normal()))),
  ).toSorted((a, b) => a - b)
  const { p50Ms, p90Ms } = maximumOf(parts.map(([median, sigma]) => logNormal(median, sigma)))
  expect(p50Ms / (draws[5_000] ?? 0)).toBeCloseTo(1, 1)
  expect(p90Ms / (draws[9_000] ?? 0)).toBeCloseTo(1, 1)
})

describe("always", () => {
  test("more candidates take no less time", () => {
    const all = [2_000, 500, 9_000].map(spreadAround)
    const times = [1, 2, 3].map((count) => maximumOf(all.slice(0, count)).p50Ms)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  test.each([
    ["no candidates", []],
    ["a spread of nothing", [{ p50Ms: 1_000, p90Ms: 1_000 }]],
    ["a spread the wrong way round", [{ p50Ms: 1_000, p90Ms: 10 }]],
    ["no time at all", [{ p50Ms: 0, p90Ms: 0 }]],
  ])("%s gives a number", (_, spreads) => {
    const { p50Ms, p90Ms } = maximumOf(spreads)
    expect(Number.isFinite(p50Ms) && Number.isFinite(p90Ms)).toBe(true)
    expect(p90Ms).toBeGreaterThanOrEqual(p50Ms)
  })
})
