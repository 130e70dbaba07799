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

test("a rising load is foretold higher", () => {
  expect(
    foretell(
      past((agoS) => 200 - agoS / 10),
      now,
    ),
  ).toBeGreaterThan(204)
})

test("a falling load, or one that stays, is foretold as it is", () => {
  expect(
    foretell(
      past((agoS) => 200 + agoS / 10),
      now,
    ),
  ).toBe(200)
  expect(
    foretell(
      past(() => 200),
      now,
    ),
  ).toBe(200)
})

test("a load that rises now and then is expected to do so again, by what nine in ten of its rises were", () => {
  const waves = past((agoS) => 200 + 40 * Math.sin(agoS / 100))
  expect(foretell(waves, now)).toBeGreaterThan(220)
  expect(foretell(waves, now)).toBeLessThan(260)
})

test("before anything is known, a rise of a seventh is expected; nothing is ever expected to more than half again as much", () => {
  expect(foretell([], now)).toBeCloseTo(230)
  expect(
    foretell(
      past((agoS) => 1 + 1_000 / agoS),
      now,
    ),
  ).toBeLessThanOrEqual(300)
})
