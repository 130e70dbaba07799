import { expect, test } from "vitest"
import { correctHeadroom } from "./headroom.ts"

const memory = (headroom: number) => ({
  headroom,
  samples: { rate: [10, 10, 10].map((value, index) => ({ atMs: index * 15_000, value })) },
})

test("grows while more are late than may be, shrinks while fewer are, stays where it is just right", () => {
  expect(correctHeadroom(0.01, memory(1), { lateShare: 5, rate: 10 })).toBeGreaterThan(1)
  expect(correctHeadroom(0.01, memory(1), { lateShare: 0, rate: 10 })).toBeLessThan(1)
  expect(correctHeadroom(0.01, memory(1), { lateShare: 1, rate: 10 })).toBe(1)
})

test("counts requests, not minutes: a busy time moves it more, twice as much at the most", () => {
  const movedAt = (rate: number): number => correctHeadroom(0.01, memory(1), { lateShare: 3, rate }) - 1
  expect(movedAt(15)).toBeCloseTo(1.5 * movedAt(10), 9)
  expect(movedAt(1_000)).toBeCloseTo(2 * movedAt(10), 9)
})

test("keeps within its ends, and as it is where nothing is known", () => {
  expect(correctHeadroom(0.01, memory(3), { lateShare: 100, rate: 10 })).toBe(3)
  expect(correctHeadroom(0.01, memory(0.8), { lateShare: 0, rate: 10 })).toBe(0.8)
  expect(correctHeadroom(0.01, memory(1.2), { rate: 10 })).toBe(1.2)
})
