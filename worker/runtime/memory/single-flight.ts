import { createFlightDesk } from "../../cache/flight/flight-desk.ts"
import type { FlightDesk, Seated } from "../../cache/flight/flight-desk.ts"
import type { Seat, SingleFlight } from "../../ports/single-flight.ts"
import { withLease } from "../with-lease.ts"

const sweepEveryMs = 10_000

/** Flights among the requests of one process: the same rule as elsewhere, over plain memory. */
export const createMemorySingleFlight = ({ now }: { readonly now: () => number }): SingleFlight => {
  const desks = new Map<string, FlightDesk>()
  let sweptAt = Number.NEGATIVE_INFINITY
  const sweep = (): void => {
    if (now() - sweptAt < sweepEveryMs) return
    sweptAt = now()
    for (const [key, desk] of desks) if (desk.isIdle()) desks.delete(key)
  }
  const deskOf = (key: string): FlightDesk => {
    sweep()
    const desk = desks.get(key) ?? createFlightDesk({ now })
    desks.set(key, desk)
    return desk
  }
  return {
    join: async (key, { longestWaitMs, signal }) => {
      signal.throwIfAborted()
      const place = deskOf(key).join()
      if (place.role !== "wait") return toSeat(place, longestWaitMs)
      const { leave, decided } = place.seat
      signal.addEventListener("abort", leave)
      const seat = toSeat(await decided(longestWaitMs), longestWaitMs)
      signal.removeEventListener("abort", leave)
      // The turn may have come in the very moment in which the client left.
      if (signal.aborted && seat.role === "lead") await seat.lead.landEmpty("left")
      signal.throwIfAborted()
      return seat
    },
  }
}

const toSeat = (seated: Seated, longestMs: number): Seat => {
  if (seated.role !== "lead") return seated
  const { renew, land, landEmpty } = seated.seat
  return {
    role: "lead",
    lead: withLease(
      {
        renew: async () => renew(),
        land: async (answer) => land(answer),
        landEmpty: async (why) => landEmpty(why),
      },
      longestMs,
    ),
  }
}
