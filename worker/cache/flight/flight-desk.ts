import type { AloneReason, EmptyLanding, SharedAnswer } from "../../../contract/flight.ts"
import { after as afterTime } from "./after.ts"
import * as rule from "./flight.ts"
import type { Decision, Flight, Step } from "./flight.ts"

export interface FlightDeskOptions {
  readonly now: () => number
  /** Calls back after a time, unless it is called off. */
  readonly after?: (ms: number, call: () => void) => () => void
}

/** The seat of one who leads; all it says counts only as long as it does. */
export interface LeadSeat {
  readonly renew: () => void
  readonly land: (answer: SharedAnswer) => void
  readonly landEmpty: (why: EmptyLanding) => void
}

/** The seat of one who waits. */
export interface WaitingSeat {
  /** Resolves with what was decided; after `longestWaitMs` that is "go on alone". */
  readonly decided: (longestWaitMs: number) => Promise<Seated>
  /** Ends the wait with "go on alone"; means nothing when it was decided already. */
  readonly leave: () => void
}

export type Seated =
  | { readonly role: "lead"; readonly seat: LeadSeat }
  | { readonly role: "answered"; readonly answer: SharedAnswer }
  | { readonly role: "alone"; readonly reason: AloneReason }

export interface FlightDesk {
  readonly join: () => Seated | { readonly role: "wait"; readonly seat: WaitingSeat }
  /** Nobody leads, nobody waits, and no answer is kept. */
  readonly isIdle: () => boolean
}

/** One flight in the memory of one process: applies the rule, and tells each seat what was decided for it. */
export const createFlightDesk = ({ now, after = afterTime }: FlightDeskOptions): FlightDesk => {
  let flight: Flight = rule.noFlight
  let seats = 0
  const undecided = new Map<number, (decision: Decision) => void>()
  let callOff = (): void => undefined

  const apply = (step: Step): void => {
    flight = step.flight
    for (const [seat, decision] of step.decided) {
      undecided.get(seat)?.(decision)
      undecided.delete(seat)
    }
    watchLease()
  }
  /** Who waits must not wait for a leader that is dead. While nobody waits, the next who comes looks. */
  const watchLease = (): void => {
    callOff()
    const { leader, waiting } = flight
    if (leader === undefined || waiting.length === 0) return
    callOff = after(Math.max(0, leader.leaseEndsAt - now()), () => apply(rule.lapse(flight, now())))
  }
  const seated = (seat: number, decision: Decision): Seated =>
    decision.role === "lead"
      ? {
          role: "lead",
          seat: {
            renew: () => apply({ flight: rule.renew(flight, seat, now()), decided: [] }),
            land: (answer) => apply(rule.land(flight, answer, now())),
            landEmpty: (why) => apply(rule.landEmpty(flight, seat, why, now())),
          },
        }
      : decision

  return {
    join: () => {
      const seat = ++seats
      const decision = Promise.withResolvers<Decision>()
      let atOnce: Decision | undefined
      undecided.set(seat, (made) => {
        atOnce = made
        decision.resolve(made)
      })
      apply(rule.join(flight, seat, now()))
      if (atOnce !== undefined) return seated(seat, atOnce)
      const leave = (): void => {
        if (!undecided.delete(seat)) return
        apply({ flight: rule.leave(flight, seat), decided: [] })
        decision.resolve({ role: "alone", reason: "flight_wait_over" })
      }
      const decided = async (longestWaitMs: number): Promise<Seated> => {
        const stop = after(longestWaitMs, leave)
        const made = await decision.promise
        stop()
        return seated(seat, made)
      }
      return { role: "wait", seat: { decided, leave } }
    },
    isIdle: () => {
      const { leader, waiting, landed } = flight
      return leader === undefined && waiting.length === 0 && (landed === undefined || now() - landed.at > rule.keptMs)
    },
  }
}
