import type { Row } from "../report.ts"
import { row } from "../report.ts"
import { decidePair } from "./decide-pair.ts"
import type { LabelledPair } from "./labelled-pairs.ts"

/** Where no cosine was recorded, traps are taken to be as near as they get. */
const nearlyEqual = 0.97

/** Every bin as proven as a year of audits could make it: then vetoes and margin stand alone. */
export const fullyProven = Array.from({ length: 32 }, () => ({ right: 1_000, wrong: 0 }))

export const trapRows = async (pairs: readonly LabelledPair[]): Promise<readonly Row[]> => {
  const traps = pairs.filter(({ same }) => !same)
  const cosineFrom = (least: number): number => traps.filter(({ cosine = nearlyEqual }) => cosine > least).length
  const served = async (minConfidence: number, evidence?: typeof fullyProven): Promise<number> => {
    let count = 0
    for (const trap of traps) {
      const decided = await decidePair(
        { ...trap, cosine: trap.cosine ?? nearlyEqual },
        { minConfidence, ...(evidence === undefined ? {} : { evidence }) },
      )
      if (decided.lane === "canonical" || decided.verdict.served) count++
    }
    return count
  }
  const of = `of ${traps.length} traps`
  return [
    row(`traps served at 0.98 (anchor: cosine above 0.85), ${of}`, await served(0.98), "", {
      anchor: cosineFrom(0.85),
      target: 0,
    }),
    row(`traps served at 0.90 (anchor: cosine above 0.90), ${of}`, await served(0.9), "", {
      anchor: cosineFrom(0.9),
      target: 0,
    }),
    row(`traps that no veto refuses, ${of}`, await served(0.98, fullyProven), ""),
  ]
}
