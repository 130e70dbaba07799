import { describe, expect, test } from "vitest"
import { sharedAnswer } from "../../ports/single-flight.suite.ts"
import {
  join,
  keptMs,
  land,
  landEmpty,
  lapse,
  leaseMs,
  leave,
  mostFailures,
  mostWaiting,
  noFlight,
  renew,
} from "./flight.ts"
import type { Decision, Flight, Step } from "./flight.ts"

const lead: Decision = { role: "lead" }
const answered: Decision = { role: "answered", answer: sharedAnswer() }
const alone = (reason: string): unknown => ({ role: "alone", reason })

/** Seat 1 leads since the time 0, the others wait. */
const flown = (waiting: number): Flight => {
  let flight = noFlight
  for (let seat = 1; seat <= waiting + 1; seat++) flight = join(flight, seat, 0).flight
  return flight
}

describe("joining", () => {
  test("the first leads, the next wait, and nothing is decided for them yet", () => {
    const first = join(noFlight, 1, 0)
    expect(first.decided).toEqual([[1, lead]])
    expect(join(first.flight, 2, 0)).toMatchObject({ decided: [], flight: { waiting: [2] } })
  })

  test("more than may wait ask by themselves", () => {
    const { decided, flight } = join(flown(mostWaiting), 0, 0)
    expect(decided).toEqual([[0, alone("flight_crowded")]])
    expect(flight.waiting).toHaveLength(mostWaiting)
  })

  test("an answer is given for a moment after it landed, then the next leads", () => {
    const { flight } = land(flown(0), sharedAnswer(), 100)
    expect(join(flight, 2, 100 + keptMs).decided).toEqual([[2, answered]])
    const late = join(flight, 2, 101 + keptMs)
    expect(late.decided).toEqual([[2, lead]])
    expect(late.flight).not.toHaveProperty("landed")
  })

  test("after the lease of a leader nobody waited for, the next leads", () => {
    expect(join(flown(0), 2, leaseMs - 1).decided).toEqual([])
    expect(join(flown(0), 2, leaseMs).decided).toEqual([[2, lead]])
  })
})

describe("landing", () => {
  test("tells all who wait, and nobody twice", () => {
    const { decided, flight } = land(flown(2), sharedAnswer(), 100)
    expect(decided).toEqual([
      [2, answered],
      [3, answered],
    ])
    expect(land(flight, sharedAnswer(), 100).decided).toEqual([])
  })

  test("an answer that comes after its leader's lease is for those who still wait", () => {
    const { flight } = lapse(flown(2), leaseMs)
    expect(land(flight, sharedAnswer(), leaseMs + 1).decided).toEqual([[3, answered]])
  })

  test("a leader that fails or leaves is followed by who waited longest", () => {
    for (const why of ["failed", "left"] as const) {
      const { decided, flight } = landEmpty(flown(2), 1, why, 100)
      expect(decided).toEqual([[2, lead]])
      expect(flight).toMatchObject({ leader: { seat: 2, leaseEndsAt: 100 + leaseMs }, waiting: [3] })
    }
  })

  test("who does not lead cannot end the flight", () => {
    expect(landEmpty(flown(2), 2, "failed", 100)).toEqual({ flight: flown(2), decided: [] })
  })

  test("leaders that fail one after the other do not make all the others queue for failures", () => {
    let step: Step = { flight: flown(5), decided: [] }
    for (let seat = 1; seat <= mostFailures; seat++) step = landEmpty(step.flight, seat, "failed", 0)
    expect(step.decided).toEqual([4, 5, 6].map((seat) => [seat, alone("flight_failing")]))
    expect(step.flight).toEqual(noFlight)
  })

  test("leaders that leave are no failures", () => {
    let { flight } = { flight: flown(5) }
    for (let seat = 1; seat <= 5; seat++) flight = landEmpty(flight, seat, "left", 0).flight
    expect(flight).toMatchObject({ leader: { seat: 6 }, waiting: [], failures: 0 })
  })

  test("failures are forgotten with the next answer", () => {
    const failed = landEmpty(flown(1), 1, "failed", 0).flight
    expect(failed.failures).toBe(1)
    expect(land(failed, sharedAnswer(), 1).flight.failures).toBe(0)
  })

  test("an answer that must not be shared sends all on at once", () => {
    expect(landEmpty(flown(2), 1, "not_shareable", 0)).toEqual({
      flight: noFlight,
      decided: [2, 3].map((seat) => [seat, alone("flight_answer_not_shareable")]),
    })
  })
})

describe("the lease", () => {
  test("lasts as long as its leader renews it", () => {
    const renewed = renew(flown(1), 1, leaseMs - 1)
    expect(lapse(renewed, leaseMs)).toEqual({ flight: renewed, decided: [] })
    expect(lapse(renewed, 2 * leaseMs).decided).toEqual([[2, lead]])
  })

  test("is not renewed by one who has lost it", () => {
    const { flight } = lapse(flown(1), leaseMs)
    expect(renew(flight, 1, leaseMs + 5)).toEqual(flight)
  })

  test("passes over who has left", () => {
    expect(lapse(leave(flown(2), 2), leaseMs).decided).toEqual([[3, lead]])
  })
})
