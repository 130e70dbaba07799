import type { Breaker } from "../../contract/candidate-health.ts"
import { breakerAt, failuresInARow, grantProbe, isCutOff, trip } from "./breaker.ts"

/**
 * What fails at several models of one provider is most likely the provider. Then each of them needs less evidence of its
 * own to be cut off, and one probe at a time tells for all.
 */

/** As many failures as cut one candidate off, counted over all candidates of the provider. */
const failuresToSuspect = 5
/** One failure alone is everyday; a second one in a row at a candidate of a suspected provider is not. */
const ownFailuresToOpen = 2
/** Nor is the first one, when so many siblings are cut off. */
const siblingsThatSuffice = 2
const betweenProbesMs = 4_000

/** By candidate id, `provider/model`. */
export type Breakers = Readonly<Record<string, Breaker>>

/** The breakers with those open that fail together with their siblings. */
export const cutOffTogether = (breakers: Breakers, now: number): Breakers => {
  let after: Record<string, Breaker> | undefined
  for (const [id, breaker] of Object.entries(breakers)) {
    if (breaker.state !== "closed" || breaker.failuresInARow === 0) continue
    const siblings = siblingsOf(id, breakers)
    const failures = siblings.reduce((sum, sibling) => sum + failuresOf(sibling), breaker.failuresInARow)
    const cutOff = siblings.filter((sibling) => isCutOff(sibling, now)).length
    const needed = cutOff >= siblingsThatSuffice ? 1 : ownFailuresToOpen
    if (failures < failuresToSuspect || breaker.failuresInARow < needed) continue
    after ??= { ...breakers }
    after[id] = trip(breaker.trips, "provider_fails", now)
  }
  return after ?? breakers
}

/**
 * The breakers with the leases to probe that this isolate gets now. Of a provider that is cut off as a whole one candidate
 * is probed at a time, at some distance from the last, until one has answered.
 */
export const grantProbes = (before: Breakers, isolate: string, now: number): Breakers => {
  let after: Record<string, Breaker> | undefined
  for (const [id, breaker] of Object.entries(before)) {
    if (breakerAt(breaker, now).state !== "half_open") continue
    if (waitsForSibling(siblingsOf(id, after ?? before), now)) continue
    after ??= { ...before }
    after[id] = grantProbe(breaker, isolate, now)
  }
  return after ?? before
}

const waitsForSibling = (siblings: readonly Breaker[], now: number): boolean =>
  siblings.every((sibling) => isCutOff(sibling, now) && !hasAnswered(sibling)) &&
  siblings.some((sibling) => now < sibling.since + betweenProbesMs || isBeingProbed(sibling, now))

const isBeingProbed = (breaker: Breaker, now: number): boolean =>
  breaker.state === "half_open" && breaker.probe !== undefined && breaker.probe.until > now

const hasAnswered = (breaker: Breaker): boolean => "goodProbes" in breaker && breaker.goodProbes > 0

const failuresOf = (breaker: Breaker): number => {
  if (breaker.state === "closed" || breaker.state === "ramp") return failuresInARow(breaker)
  return breaker.why === "no_first_token" ? 0 : failuresToSuspect
}

const siblingsOf = (id: string, breakers: Breakers): readonly Breaker[] => {
  const provider = id.slice(0, id.indexOf("/") + 1)
  return Object.keys(breakers).flatMap((other) => {
    const breaker = other !== id && other.startsWith(provider) ? breakers[other] : undefined
    return breaker === undefined ? [] : [breaker]
  })
}
