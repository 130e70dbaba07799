import type { Lead } from "../ports/single-flight.ts"
import { leaseMs } from "../cache/flight/flight.ts"
import type { LeadSeat } from "../cache/flight/flight-desk.ts"

/** How the three things that a leader says reach the flight. */
type Duties = { readonly [Name in keyof LeadSeat]: (...said: Parameters<LeadSeat[Name]>) => Promise<void> }

/**
 * A leader's duty with its lease renewed three times in its length until it has landed, so that two lost renewals cost
 * nothing. It lands once; a word that does not get through is a lease that ends.
 */
export const withLease = (duties: Duties): Lead => {
  const beat = setInterval(() => void duties.renew().catch(() => undefined), leaseMs / 3)
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
