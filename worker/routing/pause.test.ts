import { expect, test } from "vitest"
import { afterQuota, afterRefusal, noPause, shareOf } from "./pause.ts"

const start = 1_000_000

test("a pause counts from when it was asked for, up to five minutes, and a shorter one does not shorten it", () => {
  expect(afterRefusal(noPause, 30_000, start).until).toBe(start + 30_000)
  expect(afterRefusal(noPause, 3_600_000, start).until).toBe(start + 300_000)
  expect(afterRefusal(afterRefusal(noPause, 30_000, start), 1_000, start + 10).until).toBe(start + 30_000)
})

test("each second with refusals takes a tenth of the share, however many there are, and never all of it", () => {
  const many = Array.from({ length: 20 }).reduce<typeof noPause>((pause) => afterRefusal(pause, 0, start + 5), noPause)
  expect(many.share).toBeCloseTo(0.9)
  let pause = noPause
  for (let second = 0; second < 60; second++) pause = afterRefusal(pause, 2_000, start + second * 1_000)
  expect(pause.share).toBeCloseTo(0.1, 6)
})

test("the share grows back once the pause is over and nobody refuses", () => {
  const pause = afterRefusal(noPause, 10_000, start)
  expect(shareOf(pause, start + 10_000)).toBeCloseTo(0.9)
  expect(shareOf(pause, start + 12_500)).toBeCloseTo(0.95)
  expect(shareOf(pause, start + 60_000)).toBe(1)
})

test("under 12 % of the quota it is spared until the quota resets, or until more is left", () => {
  const low = afterQuota(noPause, 0.11, 20_000, start)
  expect(low.quotaLowUntil).toBe(start + 20_000)
  expect(afterQuota(low, 0.5, undefined, start + 1).quotaLowUntil).toBe(0)
  expect(afterQuota(noPause, 0.12, 20_000, start)).toBe(noPause)
  expect(afterQuota(noPause, 0, undefined, start).quotaLowUntil).toBe(start + 5_000)
})
