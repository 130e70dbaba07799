import type { AloneReason, EmptyLanding, SharedAnswer } from "../../../contract/flight.ts"
import type { Ports } from "../../ports/ports.ts"
import type { Seat, SingleFlight } from "../../ports/single-flight.ts"
import { createBreaker } from "../upstash/breaker.ts"
import { withLease } from "../with-lease.ts"

/** For every word but the long wait. An object that was never used before takes its time to begin. */
const deadlineMs = 2_000
/** In which a deadline is counted: one through which this isolate was busy with a picture counts once. */
const slices = 5

/** The seats as they look through the Durable Object's RPC; disposing of one tells the object that its owner is gone. */
interface RemoteLead extends Disposable {
  readonly renew: () => Promise<void>
  readonly land: (answer: SharedAnswer) => Promise<void>
  readonly landEmpty: (why: EmptyLanding) => Promise<void>
}
interface RemoteWait extends Disposable {
  readonly decided: (longestWaitMs: number) => Promise<RemoteSeat>
  readonly leave: () => Promise<void>
}
type RemoteSeat =
  | { readonly role: "lead"; readonly seat: RemoteLead }
  | { readonly role: "answered"; readonly answer: SharedAnswer }
  | { readonly role: "alone"; readonly reason: AloneReason }

/** What single flight needs of the Durable Object's namespace. */
export interface FlightNamespace<Id> {
  readonly idFromName: (name: string) => Id
  readonly get: (id: Id) => { readonly join: () => Promise<RemoteSeat | { role: "wait"; seat: RemoteWait }> }
}

/**
 * Flights across all isolates, by one Durable Object per key. Stubs live as long as the request that made them, because
 * Workers forbid one request to use another's. A breaker keeps objects that are away from costing each request a deadline.
 */
export const createCloudflareSingleFlight = <Id = DurableObjectId>(
  namespace: FlightNamespace<Id>,
  { now, log }: Pick<Ports, "now" | "log">,
): SingleFlight => {
  const breaker = createBreaker({ now })
  const takePlace = (key: string) =>
    breaker(() => beforeDeadline(deadlineMs, namespace.get(namespace.idFromName(key)).join()))

  /** Undefined when the object was lost while it was waited for: every new version of the Worker makes it restart. */
  const takeSeat = async (key: string, longestWaitMs: number, signal: AbortSignal): Promise<Seat | undefined> => {
    const place = await unlessLeft(takePlace(key), signal)
    if (place.role !== "wait") return toSeat(place, longestWaitMs)
    using seat = place.seat
    const decided = beforeDeadline(longestWaitMs + deadlineMs, seat.decided(longestWaitMs))
    try {
      return toSeat(await unlessLeft(decided, signal), longestWaitMs)
    } catch {
      // The call that waits keeps the seat alive, so to dispose of it is not enough.
      await seat.leave().catch(() => undefined)
      return undefined
    }
  }

  return {
    join: async (key, { longestWaitMs, signal }) => {
      const joinedAt = now()
      const leftMs = (): number => Math.max(0, longestWaitMs - (now() - joinedAt))
      try {
        const seat = (await takeSeat(key, longestWaitMs, signal)) ?? (await takeSeat(key, leftMs(), signal))
        if (seat !== undefined) return seat
        log({ message: "flight lost", error: "The object was lost twice." })
      } catch (error) {
        signal.throwIfAborted()
        log({ message: "flight unavailable", error: String(error) })
      }
      return { role: "alone", reason: "flight_unavailable" }
    },
  }
}

const toSeat = (remote: RemoteSeat, longestMs: number): Seat => {
  if (remote.role !== "lead") return remote
  const { seat } = remote
  const andGo = async (landing: Promise<void>): Promise<void> => {
    using _ = seat
    await landing
  }
  return {
    role: "lead",
    lead: withLease(
      {
        renew: () => seat.renew(),
        land: (answer) => andGo(seat.land(answer)),
        landEmpty: (why) => andGo(seat.landEmpty(why)),
      },
      longestMs,
    ),
  }
}

interface Place {
  readonly role: string
  readonly seat?: Disposable
}

/** A seat that comes too late is given back, or others would wait for one who never sat down. */
const giveBack = (late: Promise<Place>): void => {
  late.then(
    ({ seat }) => seat?.[Symbol.dispose](),
    () => undefined,
  )
}

const beforeDeadline = async <T extends Place>(ms: number, work: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = (slicesLeft: number): void => {
    timer = setTimeout(() => {
      if (slicesLeft > 1) return wait(slicesLeft - 1)
      late.reject(new Error(`No answer within ${ms} ms.`))
      giveBack(work)
    }, ms / slices)
  }
  wait(slices)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

const unlessLeft = async <T extends Place>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const left = Promise.withResolvers<never>()
  const leave = (): void => {
    left.reject(signal.reason)
    giveBack(work)
  }
  signal.addEventListener("abort", leave)
  if (signal.aborted) leave()
  try {
    return await Promise.race([work, left.promise])
  } finally {
    signal.removeEventListener("abort", leave)
  }
}
