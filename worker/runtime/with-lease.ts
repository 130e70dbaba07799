import type { Lead } from "../ports/single-flight.ts"
import { leaseMs } from "../cache/flight/flight.ts"
import type { LeadSeat } from "../cache/flight/flight-desk.ts"

/** How the three things that a leader says reach the flight. */
type Duties = { readonly [Name in keyof LeadSeat]: (...said: Parameters<LeadSeat[Name]>) => Promise<void> }

/**
 * A leader's duty with its lease renewed three times in its length until it has landed, so that two lost renewals cost
 * nothing. It lands once; a word that does not get through is a lease that ends. Nothing is renewed for longer than an
 * answer may take: a leader that was forgotten by its own request must not keep others waiting.
 */
export const withLease = (duties: Duties, longestMs: number): Lead => {
  let beatsLeft = Math.floor(longestMs / (leaseMs / 3))
  const beat = setInterval(() => {
    if (beatsLeft-- > 0) void duties.renew().catch(() => undefined)
    else clearInterval(beat)
  }, leaseMs / 3)
  let ended = false
  const end = async (landing: () => Promise<void>): Promise<void> => {
    if (ended) return
    ended = true
    clearInterval(beat)
    await landing().catch(() => undefined)
  }
  return {
    land: (answer) => end(() => duties.land(answer)),
    landEmpty: (why) => end(() => duties.landEmpty(why)),
  }
}
