import { expect, test } from "vitest"
import { waitBeforeRetryMs } from "./wait-before-retry.ts"
import type { Refusal } from "./wait-before-retry.ts"

const least = () => 0
const most = () => 0.999_999
const full = (retryAfterMs?: number): Refusal => ({
  kind: "rate_limited",
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
})

test("waits until the first of those that refused may be asked again", () => {
  expect(waitBeforeRetryMs([full(900), full(400), full(5_000)], 0, 2_000, least)).toBe(400)
})

test("comes back up to a half later by chance, but never later than the client waits", () => {
  expect(waitBeforeRetryMs([full(400)], 0, 2_000, most)).toBeCloseTo(600, 2)
  expect(waitBeforeRetryMs([full(400)], 0, 450, most)).toBe(450)
})

test("does not wait at all where the first would come too late", () => {
  expect(waitBeforeRetryMs([full(2_001), full(7_000)], 0, 2_000, least)).toBeUndefined()
  expect(waitBeforeRetryMs([full(1)], 0, 0, least)).toBeUndefined()
})

test("doubles the wait each round where nobody said when", () => {
  const waits = [0, 1, 2].map((round) => waitBeforeRetryMs([{ kind: "network" }], round, 60_000, least))
  expect(waits).toEqual([200, 400, 800])
})

test("does not wait for what does not pass", () => {
  const lasting = ["unauthorized", "first_byte_timeout", "idle_timeout", "total_timeout", "image_not_accepted"] as const
  expect(
    waitBeforeRetryMs(
      lasting.map((kind) => ({ kind })),
      0,
      60_000,
      least,
    ),
  ).toBeUndefined()
  expect(waitBeforeRetryMs([{ kind: "unauthorized" }, { kind: "overloaded" }], 0, 60_000, least)).toBe(200)
})

test("an immediate invitation still leaves a breath", () => {
  expect(waitBeforeRetryMs([full(0)], 0, 2_000, least)).toBe(1)
})
