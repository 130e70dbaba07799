import type { Row } from "../report.ts"
import { row } from "../report.ts"
import { decidePair } from "./decide-pair.ts"
import type { LabelledPair } from "./labelled-pairs.ts"
import { fullyProven } from "./traps.ts"

/** A bag of words that calls two questions one when it overlaps by more than this: the anchor. */
const sameBag = 0.9

/** Served although the words stand in another order, with every bin proven, so that the vetoes stand alone. */
export const wordOrderRow = async (name: string, pairs: readonly LabelledPair[]): Promise<Row> => {
  let [served, bags] = [0, 0]
  for (const pair of pairs) {
    const decided = await decidePair(pair, { minConfidence: 0.98, evidence: fullyProven })
    if (decided.lane === "canonical" || decided.verdict.served) served++
    if (overlap(pair.a, pair.b) > sameBag) bags++
  }
  const share = (count: number): number => (100 * count) / Math.max(1, pairs.length)
  return row(`${name}, ${pairs.length} pairs: served`, share(served), "%", { anchor: share(bags), target: 1 })
}

const overlap = (one: string, other: string): number => {
  const [a, b] = [bag(one), bag(other)]
  const common = [...a].filter((word) => b.has(word)).length
  return common / Math.max(1, a.size + b.size - common)
}
const bag = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
