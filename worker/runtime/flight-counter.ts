import type { Observation } from "../../contract/provider-board.ts"
import type { ProviderBoard } from "../ports/provider-board.ts"

export interface FlightCounter {
  readonly count: (candidate: string) => number
  /** Every candidate with at least one request in flight. */
  readonly gauge: () => Readonly<Record<string, number>>
  readonly began: (
    candidate: string,
    onEnd: (observation: Observation | undefined) => void,
  ) => ReturnType<ProviderBoard["began"]>
}

/** Counts requests in flight by candidate; each ends once, however often it is told to. */
export const createFlightCounter = (): FlightCounter => {
  const counts = new Map<string, number>()
  const add = (candidate: string, difference: number): void => {
    const count = (counts.get(candidate) ?? 0) + difference
    if (count > 0) counts.set(candidate, count)
    else counts.delete(candidate)
  }
  return {
    count: (candidate) => counts.get(candidate) ?? 0,
    gauge: () => Object.fromEntries(counts),
    began: (candidate, onEnd) => {
      let ended = false
      add(candidate, 1)
      return {
        ended: (observation) => {
          if (ended) return
          ended = true
          add(candidate, -1)
          onEnd(observation)
        },
      }
    },
  }
}
