import { expect, test } from "vitest"
import { checkTokens, createTokenDrift } from "./token-drift.ts"

const model = { provider: "openai", model: "gpt-6.1-sol" }

test("finds no drift where the provider counts what the formula says, give or take what text can explain", () => {
  for (const reported of [1_100, 1_080, 1_190, 1_020]) {
    expect(checkTokens({ textTokens: 100, imageTokens: 1_000 }, reported)).toEqual({
      estimated: 1_100,
      reported,
      imageDrift: 0,
    })
  }
})

test.each([
  [1_290, 0.1],
  [910, -0.1],
  [2_190, 1],
])("lays %i tokens of 1,100 to the pictures: off by %f", (reported, drift) => {
  expect(checkTokens({ textTokens: 100, imageTokens: 1_000 }, reported).imageDrift).toBe(drift)
})

test("lays nothing to pictures that were not there", () => {
  expect(checkTokens({ textTokens: 100, imageTokens: 0 }, 5_000).imageDrift).toBe(0)
})

test("counts by model what is off by more than 5 %, and shows the most drifted first", () => {
  const drift = createTokenDrift()
  const check = (imageDrift: number) => ({ estimated: 1, reported: 1, imageDrift })
  const other = { provider: "google", model: "gemini-3-pro" }
  expect(drift.count(other, check(0), 0)).toBe(false)
  expect([0.05, -0.05, 0.06, -0.2].map((off) => drift.count(model, check(off), 1_000))).toEqual([
    false,
    false,
    true,
    true,
  ])
  expect(drift.status()).toEqual([
    { ...model, answers: 4, drifted: 2, meanDrift: -0.035, lastDriftAt: "1970-01-01T00:00:01.000Z" },
    { ...other, answers: 1, drifted: 0, meanDrift: 0 },
  ])
})

test("stays bounded however many models are named", () => {
  const drift = createTokenDrift()
  for (let i = 0; i < 1_000; i++)
    drift.count({ ...model, model: `m${i}` }, { estimated: 1, reported: 1, imageDrift: 0 }, 0)
  expect(drift.status()).toHaveLength(200)
})
