import { expect, test } from "vitest"
import { isAudited, mayJudge } from "./spending.ts"

test("audits two to three in a hundred", () => {
  const audited = Array.from({ length: 10_000 }, (_, index) => index / 10_000).filter(isAudited).length
  expect(audited / 10_000).toBeGreaterThanOrEqual(0.02)
  expect(audited / 10_000).toBeLessThanOrEqual(0.03)
})

test("never spends more than one judge call for five lookups", () => {
  let judged = 0
  for (let lookups = 1; lookups <= 1_000; lookups++) {
    while (mayJudge({ lookups, judged })) judged++
    expect(judged).toBeLessThanOrEqual(lookups * 0.2)
  }
  expect(judged).toBe(200)
})
