import type { AloneReason, EmptyLanding, SharedAnswer } from "../../../contract/flight.ts"

/**
 * The rule of a flight: of all who ask the same at the same time one leads, which means that it asks a provider, and the
 * others wait for its answer. Leads by lease, so that a leader that dies without a word is followed by the next.
 */
export interface Flight {
  /** Absent: nobody asks. */
  readonly leader?: { readonly seat: number; readonly leaseEndsAt: number }
  /** In the order in which they came. */
  readonly waiting: readonly number[]
  /** Leaders in a row that failed. */
  readonly failures: number
  readonly landed?: { readonly answer: SharedAnswer; readonly at: number }
}

/** What becomes of a request that asked to join. */
export type Decision =
  | { readonly role: "lead" }
  | { readonly role: "answered"; readonly answer: SharedAnswer }
  | { readonly role: "alone"; readonly reason: AloneReason }

export interface Step {
  readonly flight: Flight
  /** The decisions that were made just now, by seat. */
  readonly decided: readonly (readonly [seat: number, decision: Decision])[]
}

/** A leader says that it lives three times in this time. */
export const leaseMs = 30_000
/**
 * How long an answer is still given to those who come late: they looked into the cache before it was there. Short enough
 * that `max-age` means what it says.
 */
export const keptMs = 5_000
export const mostWaiting = 1_000
/** After so many leaders that failed, one after the other, all who wait go on by themselves instead of queueing for failures. */
export const mostFailures = 3

export const noFlight: Flight = { waiting: [], failures: 0 }

/** A request asks to join. It is decided at once, or it waits. */
export const join = (flight: Flight, seat: number, now: number): Step => {
  const current = lapse(flight, now)
  const { leader, waiting, landed } = current.flight
  const decide = (decision: Decision, changed: Flight = current.flight): Step => ({
    flight: changed,
    decided: [...current.decided, [seat, decision]],
  })
  if (landed !== undefined && now - landed.at <= keptMs) return decide({ role: "answered", answer: landed.answer })
  if (leader === undefined) return decide({ role: "lead" }, led(current.flight, seat, now))
  if (waiting.length >= mostWaiting) return decide({ role: "alone", reason: "flight_crowded" })
  return { ...current, flight: { ...current.flight, waiting: [...waiting, seat] } }
}

/** The leader lives. Means nothing from one who does not lead any more. */
export const renew = (flight: Flight, seat: number, now: number): Flight =>
  flight.leader?.seat === seat ? led(flight, seat, now) : flight

/** The answer is there, for all who wait. One that comes after its lease has ended is just as good. */
export const land = (flight: Flight, answer: SharedAnswer, now: number): Step => ({
  flight: { waiting: [], failures: 0, landed: { answer, at: now } },
  decided: flight.waiting.map((seat) => [seat, { role: "answered", answer }]),
})

/** The leader ends without an answer to share; who waited longest leads now. */
export const landEmpty = (flight: Flight, seat: number, why: EmptyLanding, now: number): Step => {
  if (flight.leader?.seat !== seat) return { flight, decided: [] }
  if (why === "not_shareable") return disperse(flight, "flight_answer_not_shareable")
  const failures = flight.failures + (why === "failed" ? 1 : 0)
  return failures >= mostFailures ? disperse(flight, "flight_failing") : followed({ ...flight, failures }, now)
}

/** Somebody waits no longer. */
export const leave = (flight: Flight, seat: number): Flight => ({
  ...flight,
  waiting: flight.waiting.filter((each) => each !== seat),
})

/** A leader whose lease has ended is followed by the next; says nothing about the provider. */
export const lapse = (flight: Flight, now: number): Step =>
  flight.leader === undefined || flight.leader.leaseEndsAt > now ? { flight, decided: [] } : followed(flight, now)

const led = (flight: Flight, seat: number, now: number): Flight => {
  const { landed: _, ...rest } = flight
  return { ...rest, leader: { seat, leaseEndsAt: now + leaseMs } }
}

const followed = (flight: Flight, now: number): Step => {
  const { leader: _, ...unled } = flight
  const [next, ...waiting] = flight.waiting
  return next === undefined
    ? { flight: unled, decided: [] }
    : { flight: led({ ...unled, waiting }, next, now), decided: [[next, { role: "lead" }]] }
}

const disperse = ({ waiting }: Flight, reason: AloneReason): Step => ({
  flight: noFlight,
  decided: waiting.map((seat) => [seat, { role: "alone", reason }]),
})
