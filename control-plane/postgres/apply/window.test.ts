import { expect, test } from "vitest"
import { isWithin, readWindow, showWindow } from "./window.ts"

const at = (time: string): Date => new Date(`2026-11-26T${time}:00Z`)

test("a window may pass over midnight; its end is outside", () => {
  const night = readWindow("22:00-05:00")
  expect(["21:59", "22:00", "00:30", "04:59", "05:00"].map((time) => isWithin(night, at(time)))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ])
})

test("a window is of a time zone", () => {
  const berlin = readWindow("22:00-23:00 Europe/Berlin")
  expect(isWithin(berlin, at("21:30"))).toBe(true)
  expect(isWithin(berlin, at("22:30"))).toBe(false)
  expect(showWindow(berlin)).toBe("22:00-23:00 Europe/Berlin")
})

test.each(["", "22-05", "25:00-05:00", "22:00-05:00 Mars/Olympus", "22:00-22:00"])("%j is no window", (text) => {
  expect(() => readWindow(text)).toThrow(/--window/)
})
