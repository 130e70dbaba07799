import { expect, test } from "vitest"
import { readRetryAfterMs } from "./retry-after.ts"

const now = Date.parse("2026-11-25T12:00:00Z")
const read = (headers: Record<string, string>, retryDelay?: string) =>
  readRetryAfterMs(new Headers(headers), retryDelay, now)

test.each([
  ["seconds", { "retry-after": "12" }, 12_000],
  ["parts of a second", { "retry-after": "0.25" }, 250],
  ["an HTTP date", { "retry-after": "Wed, 25 Nov 2026 12:01:00 GMT" }, 60_000],
  ["a date that has passed", { "retry-after": "Wed, 25 Nov 2026 11:00:00 GMT" }, 0],
  ["milliseconds before seconds", { "retry-after-ms": "1500", "retry-after": "2" }, 1500],
  ["no more than an hour", { "retry-after": "90000" }, 3_600_000],
  [
    "the used-up limit alone",
    {
      "x-ratelimit-remaining-requests": "12",
      "x-ratelimit-reset-requests": "1h0m0s",
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": "1m30.5s",
    },
    90_500,
  ],
  ["a reset in milliseconds", { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "120ms" }, 120],
  [
    "the later of two used-up limits",
    {
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2026-11-25T12:00:05Z",
      "anthropic-ratelimit-output-tokens-remaining": "0",
      "anthropic-ratelimit-output-tokens-reset": "2026-11-25T12:00:08Z",
    },
    8000,
  ],
])("reads %s", (_, headers, expected) => {
  expect(read(headers)).toBe(expected)
})

test("reads Google's delay when no header says anything", () => {
  expect(read({}, "34.0748s")).toBe(34_075)
})

test.each([
  ["nothing", {}],
  ["words", { "retry-after": "soon" }],
  ["a negative number", { "retry-after-ms": "-5" }],
  ["a reset of a limit that has room", { "x-ratelimit-remaining-tokens": "7", "x-ratelimit-reset-tokens": "1m0s" }],
  ["a reset that is no duration", { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "a while" }],
])("knows no wait from %s", (_, headers) => {
  expect(read(headers)).toBeUndefined()
})
