import type { Filling } from "./fill-leaves.ts"
import { createRandom } from "./random.ts"
import { sum } from "./sum.ts"
import { createDrawTuple } from "./tuple-width.ts"
import type { IndexColumn } from "./tuple-width.ts"

/** Adds random keys, each with as many rows as its values' shares make likely, until the rows or the pages are used up. */
export const addKeys = (rows: number, columns: readonly IndexColumn[], { add }: Filling): void => {
  const [draw, random] = [createDrawTuple(columns), createRandom()]
  const shares = columns.map(createDrawShare)
  const typical = typicalCount(rows / distinctKeys(rows, columns))
  for (let left = rows; left > 0;) {
    let expected = typical
    for (const drawShare of shares) expected *= drawShare(random)
    const count = Math.min(left, drawCount(expected, random))
    left -= count
    if (!add(draw(random), count)) return
  }
}

/** How many keys there are: as many as if the columns knew nothing of each other, and no fewer than one of them has. */
export const distinctKeys = (rows: number, columns: readonly IndexColumn[]): number => {
  const possible = columns.reduce((product, { distinct }) => product * distinct, 1)
  const hit = columns.length === 1 ? possible : possible * -Math.expm1(-rows / possible)
  return Math.max(1, Math.min(rows, Math.max(hit, ...columns.map(({ distinct }) => distinct))))
}

/** The share of a random value of the column, relative to the mean of all its values. */
const createDrawShare = ({ commonShares, distinct, nullShare }: IndexColumn): ((random: () => number) => number) => {
  const values = Math.max(distinct, commonShares.length, 1)
  const rest = Math.max(0, 1 - nullShare - sum(commonShares)) / Math.max(1, distinct - commonShares.length)
  return (random) => (commonShares[Math.floor(random() * values)] ?? rest) * distinct
}

/** The parameter of the Poisson distribution whose mean is this one once zeros are left out, by bisection. */
const typicalCount = (mean: number): number => {
  if (mean <= 1) return 0
  let [low, high] = [0, mean]
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2
    if (middle / -Math.expm1(-middle) < mean) low = middle
    else high = middle
  }
  return low
}

/** A Poisson count that is not zero: keys without rows are not in the index. */
const drawCount = (expected: number, random: () => number): number => {
  if (expected > 50) return Math.round(expected)
  if (expected < 1e-9) return 1
  const none = Math.exp(-expected)
  let left = random() * (1 - none)
  let count = 1
  for (let probability = none * expected; left > probability && count < 200; probability *= expected / count) {
    left -= probability
    count++
  }
  return count
}
