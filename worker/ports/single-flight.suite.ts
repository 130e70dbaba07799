import { describe, expect, test } from "vitest"
import type { SharedAnswer } from "../../contract/flight.ts"
import type { Lead, Seat, SingleFlight } from "./single-flight.ts"

let keys = 0
export const freshFlight = (): string => `flight-${++keys}-${Math.random()}`

export const sharedAnswer = (answer = "Q3 — “C16”"): SharedAnswer => ({
  answer,
  provider: "openai",
  model: "gpt-4o",
  finishReason: "stop",
  usage: { inputTokens: 10, outputTokens: 5, cachedInputTokens: 0 },
  costUsd: 0.00025,
  imageTokens: 7,
  estimatedMs: 13_000,
})

export const joining = (
  flights: SingleFlight,
  key: string,
  changes: { longestWaitMs?: number; signal?: AbortSignal } = {},
) => flights.join(key, { longestWaitMs: 20_000, signal: new AbortController().signal, ...changes })

/** The lead that a seat must be. */
export const leadOf = (seat: Seat): Lead => {
  if (seat.role !== "lead") throw new Error(`Expected to lead; got ${JSON.stringify(seat)}`)
  return seat.lead
}

/** Which of some requests are decided by now, in the order in which they were. */
export const watching = (seats: readonly Promise<Seat>[]): Seat[] => {
  const decided: Seat[] = []
  for (const seat of seats) void seat.then((made) => decided.push(made))
  return decided
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20))
const until = async (met: () => boolean): Promise<void> => {
  while (!met()) await aMoment()
}

/** What every single flight promises. `start` gives as many as there are isolates; all share their flights. */
export const singleFlightSuite = (name: string, start: (isolates: number) => readonly SingleFlight[]): void => {
  const startOne = (): SingleFlight => {
    const [flights] = start(1)
    if (flights === undefined) throw new Error("none")
    return flights
  }

  describe(`single flight: ${name}`, () => {
    test("of a hundred with the same key one leads, and all others get its answer", async () => {
      const isolates = start(2)
      const key = freshFlight()
      const seats = Array.from({ length: 100 }, (_, index) =>
        joining(isolates[index % isolates.length] as SingleFlight, key),
      )
      const decided = watching(seats)
      await until(() => decided.length > 0)
      await aMoment()
      expect(decided.map(({ role }) => role)).toEqual(["lead"])
      await leadOf(decided[0] as Seat).land(sharedAnswer())
      await Promise.all(seats)
      expect(decided.slice(1)).toEqual(Array.from({ length: 99 }, () => ({ role: "answered", answer: sharedAnswer() })))
    })

    test("flights of different keys know nothing of each other", async () => {
      const flights = startOne()
      const seats = await Promise.all([joining(flights, freshFlight()), joining(flights, freshFlight())])
      expect(seats.map(({ role }) => role)).toEqual(["lead", "lead"])
      await Promise.all(seats.map((seat) => leadOf(seat).landEmpty("left")))
    })

    test("one who comes just after the answer gets it too", async () => {
      const flights = startOne()
      const key = freshFlight()
      await leadOf(await joining(flights, key)).land(sharedAnswer())
      expect(await joining(flights, key)).toEqual({ role: "answered", answer: sharedAnswer() })
    })

    test.each(["failed", "left"] as const)(
      "when the leader %s, exactly one follows, and its answer is for the rest",
      async (why) => {
        const flights = startOne()
        const key = freshFlight()
        const first = leadOf(await joining(flights, key))
        const decided = watching(Array.from({ length: 5 }, () => joining(flights, key)))
        await aMoment()
        await first.landEmpty(why)
        await until(() => decided.length > 0)
        await aMoment()
        expect(decided.map(({ role }) => role)).toEqual(["lead"])
        await leadOf(decided[0] as Seat).land(sharedAnswer("second"))
        await until(() => decided.length === 5)
        expect(decided.slice(1)).toEqual(
          Array.from({ length: 4 }, () => ({ role: "answered", answer: sharedAnswer("second") })),
        )
      },
    )

    test("an answer that is not to be shared sends all on by themselves", async () => {
      const flights = startOne()
      const key = freshFlight()
      const lead = leadOf(await joining(flights, key))
      const waiting = Array.from({ length: 3 }, () => joining(flights, key))
      await aMoment()
      await lead.landEmpty("not_shareable")
      expect(await Promise.all(waiting)).toEqual(
        Array.from({ length: 3 }, () => ({ role: "alone", reason: "flight_answer_not_shareable" })),
      )
    })

    test("nobody waits longer than they said", async () => {
      const flights = startOne()
      const key = freshFlight()
      const lead = leadOf(await joining(flights, key))
      expect(await joining(flights, key, { longestWaitMs: 30 })).toEqual({ role: "alone", reason: "flight_wait_over" })
      await lead.landEmpty("left")
    })

    test("one who leaves while waiting is told so, and is never given the lead", async () => {
      const flights = startOne()
      const key = freshFlight()
      const lead = leadOf(await joining(flights, key))
      const leaving = new AbortController()
      const left = joining(flights, key, { signal: leaving.signal })
      const other = joining(flights, key)
      await aMoment()
      leaving.abort(new Error("gone"))
      await expect(left).rejects.toThrow("gone")
      await aMoment()
      await lead.landEmpty("failed")
      await leadOf(await other).land(sharedAnswer())
    })

    test("a leader lands once: what it says later changes nothing", async () => {
      const flights = startOne()
      const key = freshFlight()
      const lead = leadOf(await joining(flights, key))
      await lead.land(sharedAnswer())
      await lead.landEmpty("failed")
      await lead.land(sharedAnswer("other"))
      expect(await joining(flights, key)).toEqual({ role: "answered", answer: sharedAnswer() })
    })
  })
}
