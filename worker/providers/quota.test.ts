import { expect, test } from "vitest"
import { readQuota } from "./quota.ts"

const now = Date.parse("2026-11-24T12:00:00Z")
const quotaIn = (headers: Record<string, string>) => readQuota(new Headers(headers), now)

test("OpenAI's narrowest limit counts, with the time at which it is full again", () => {
  expect(
    quotaIn({
      "x-ratelimit-limit-requests": "500",
      "x-ratelimit-remaining-requests": "450",
      "x-ratelimit-limit-tokens": "30000",
      "x-ratelimit-remaining-tokens": "1500",
      "x-ratelimit-reset-tokens": "6m0s",
    }),
  ).toEqual({ left: 0.05, resetMs: 360_000 })
})

test("Anthropic names a date", () => {
  expect(
    quotaIn({
      "anthropic-ratelimit-input-tokens-limit": "1000",
      "anthropic-ratelimit-input-tokens-remaining": "100",
      "anthropic-ratelimit-input-tokens-reset": "2026-11-24T12:00:20Z",
    }),
  ).toEqual({ left: 0.1, resetMs: 20_000 })
})

test.each<Record<string, string>>([
  {},
  { "x-ratelimit-remaining-requests": "5" },
  { "x-ratelimit-remaining-requests": "many", "x-ratelimit-limit-requests": "10" },
  { "x-ratelimit-remaining-requests": "5", "x-ratelimit-limit-requests": "0" },
])("headers that say nothing of use, %j, are no quota", (headers) => {
  expect(quotaIn(headers)).toBeUndefined()
})

test("more than all is all, and a limit without a reset has none", () => {
  expect(quotaIn({ "x-ratelimit-remaining-requests": "12", "x-ratelimit-limit-requests": "10" })).toEqual({ left: 1 })
})
