import { expect, test } from "vitest"
import { foretell } from "./foretell.ts"

const nowMs = 10_000_000
const now = { value: 200, nowMs, aheadS: 90 }
/** A reading every 15 s of the last half hour, by how many seconds ago it was. */
const past = (value: (agoS: number) => number) =>
  Array.from({ length: 120 }, (_, i) => (120 - i) * 15).map((agoS) => ({
    atMs: nowMs - agoS * 1_000,
    value: value(agoS),
  }))
const rising = past((agoS) => 200 - agoS / 2)
const falling = past((agoS) => 200 + agoS / 2)
const noisy = past((agoS) => 200 + ((agoS / 15) % 2) * 5)
const leaping = past((agoS) => (agoS < 40 ? 200 : 1))

test("a rising load is foretold higher, by half of its trend", () => {
  expect(foretell(rising, now)).toBeCloseTo(200 + (90 / 2) * 0.5, 0)
})

test("a falling load, noise, and what nothing is known of are foretold as they are", () => {
  expect(foretell(falling, now)).toBe(200)
  expect(foretell(noisy, now)).toBe(200)
  expect(foretell([], now)).toBe(200)
})

test("nothing is expected to grow by more than half", () => {
  expect(foretell(leaping, now)).toBeLessThanOrEqual(300)
})
