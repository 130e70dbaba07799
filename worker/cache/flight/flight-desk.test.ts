import { expect, test } from "vitest"
import { sharedAnswer } from "../../ports/single-flight.suite.ts"
import { createFlightDesk } from "./flight-desk.ts"
import type { LeadSeat, WaitingSeat } from "./flight-desk.ts"
import { keptMs, leaseMs } from "./flight.ts"

/** A desk whose time passes when the test says so. */
const start = () => {
  let at = 0
  const timers = new Set<{ readonly at: number; readonly call: () => void }>()
  const desk = createFlightDesk({
    now: () => at,
    after: (ms, call) => {
      const timer = { at: at + ms, call }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
  })
  const pass = (ms: number): void => {
    at += ms
    for (const timer of [...timers].filter((each) => each.at <= at)) {
      timers.delete(timer)
      timer.call()
    }
  }
  const leads = (): LeadSeat => {
    const place = desk.join()
    if (place.role !== "lead") throw new Error(place.role)
    return place.seat
  }
  const waits = (): WaitingSeat => {
    const place = desk.join()
    if (place.role !== "wait") throw new Error(place.role)
    return place.seat
  }
  return { desk, pass, leads, waits, timers }
}

test("who waits for a leader that dies without a word leads when its lease ends", async () => {
  const { pass, leads, waits } = start()
  leads()
  const roles: string[] = []
  for (const seat of [waits(), waits()]) void seat.decided(100_000).then(({ role }) => roles.push(role))
  pass(leaseMs - 1)
  await Promise.resolve()
  expect(roles).toEqual([])
  pass(1)
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(roles).toEqual(["lead"])
})

test("a leader that renews its lease is waited for beyond it", async () => {
  const { pass, leads, waits } = start()
  const lead = leads()
  const decided = waits().decided(100_000)
  for (let third = 0; third < 6; third++) {
    pass(leaseMs / 3)
    lead.renew()
  }
  lead.land(sharedAnswer())
  expect(await decided).toEqual({ role: "answered", answer: sharedAnswer() })
})

test("what is decided before anyone asks for it is not lost", async () => {
  const { leads, waits } = start()
  const lead = leads()
  const seat = waits()
  lead.land(sharedAnswer())
  expect(await seat.decided(1_000)).toEqual({ role: "answered", answer: sharedAnswer() })
})

test("leaves no timer behind, and is idle once its answer is old", async () => {
  const { desk, pass, leads, waits, timers } = start()
  const lead = leads()
  const decided = waits().decided(1_000)
  expect([timers.size, desk.isIdle()]).toEqual([2, false])
  lead.land(sharedAnswer())
  await decided
  expect([timers.size, desk.isIdle()]).toEqual([0, false])
  pass(keptMs + 1)
  expect(desk.isIdle()).toBe(true)
})
