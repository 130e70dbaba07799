import type { Observation } from "../../contract/provider-board.ts"
import type { Flight } from "../ports/provider-board.ts"

export interface FlightCounter {
  readonly count: (candidate: string) => number
  /** Every candidate with at least one request in flight. */
  readonly gauge: () => Readonly<Record<string, number>>
  /** Leases of which a probe is on its way or has been: when each ends, by candidate. */
  readonly usedProbes: ReadonlyMap<string, number>
  /** `probeUntil`: when the lease ends that this request uses up, where its candidate was to be probed. */
  readonly began: (
    candidate: string,
    probeUntil: number | undefined,
    onNews: (observation: Observation) => void,
  ) => Flight
}

/** Counts requests in flight by candidate; each ends once, however often it is told to. */
export const createFlightCounter = (): FlightCounter => {
  const counts = new Map<string, number>()
  const usedProbes = new Map<string, number>()
  const add = (candidate: string, difference: number): void => {
    const count = (counts.get(candidate) ?? 0) + difference
    if (count > 0) counts.set(candidate, count)
    else counts.delete(candidate)
  }
  return {
    count: (candidate) => counts.get(candidate) ?? 0,
    gauge: () => Object.fromEntries(counts),
    usedProbes,
    began: (candidate, probeUntil, onNews) => {
      if (probeUntil !== undefined) usedProbes.set(candidate, probeUntil)
      let ended = false
      add(candidate, 1)
      return {
        noted: (observation) => {
          if (!ended) onNews(observation)
        },
        ended: (observation) => {
          if (ended) return
          ended = true
          add(candidate, -1)
          if (observation !== undefined) onNews(observation)
        },
      }
    },
  }
}
