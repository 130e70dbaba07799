import { DurableObject, RpcTarget } from "cloudflare:workers"
import * as v from "valibot"
import { SharedAnswer, emptyLandings } from "../contract/flight.ts"
import type { AloneReason } from "../contract/flight.ts"
import { createFlightDesk } from "../worker/cache/flight/flight-desk.ts"
import type { LeadSeat, Seated, WaitingSeat } from "../worker/cache/flight/flight-desk.ts"

/**
 * Lets one of all requests with the same key ask a provider, whatever isolates they are in. A thin shell: the rule and
 * the seats are those of `worker/cache/flight/`. Nothing is stored: an object that restarts forgets its flight, those
 * who waited hear an error, and ask anew.
 */
export class FlightLease extends DurableObject {
  readonly #desk = createFlightDesk({ now: Date.now })

  join(): RemoteSeat | { readonly role: "wait"; readonly seat: RemoteWaitingSeat } {
    const place = this.#desk.join()
    return place.role === "wait" ? { role: "wait", seat: new RemoteWaitingSeat(place.seat) } : toRemote(place)
  }
}

export type RemoteSeat =
  | { readonly role: "lead"; readonly seat: RemoteLeadSeat }
  | { readonly role: "answered"; readonly answer: SharedAnswer }
  | { readonly role: "alone"; readonly reason: AloneReason }

const toRemote = (seated: Seated): RemoteSeat =>
  seated.role === "lead" ? { role: "lead", seat: new RemoteLeadSeat(seated.seat) } : seated

/**
 * The leader's seat. The platform disposes of it when the leader's request is gone, however that ended; that frees it at
 * once, where a lease alone would keep the others waiting to its end.
 */
class RemoteLeadSeat extends RpcTarget {
  readonly #seat: LeadSeat

  constructor(seat: LeadSeat) {
    super()
    this.#seat = seat
  }

  renew(): void {
    this.#seat.renew()
  }

  /** Throws on an answer that is malformed or too long, and changes nothing then. */
  land(answer: unknown): void {
    this.#seat.land(v.parse(SharedAnswer, answer))
  }

  landEmpty(why: unknown): void {
    this.#seat.landEmpty(v.parse(v.picklist(emptyLandings), why))
  }

  [Symbol.dispose](): void {
    this.#seat.landEmpty("left")
  }
}

class RemoteWaitingSeat extends RpcTarget {
  readonly #seat: WaitingSeat

  constructor(seat: WaitingSeat) {
    super()
    this.#seat = seat
  }

  async decided(longestWaitMs: number): Promise<RemoteSeat> {
    return toRemote(await this.#seat.decided(longestWaitMs))
  }

  leave(): void {
    this.#seat.leave()
  }

  [Symbol.dispose](): void {
    this.#seat.leave()
  }
}
