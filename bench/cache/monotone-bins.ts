import type { FittedBin } from "../../worker/cache/near/confidence.ts"

export interface Scored {
  readonly score: number
  readonly right: boolean
}

/**
 * Sorts scores into bins of about equal size, lowest first, and pools neighbors until a higher bin is never less often
 * right than a lower one (pool adjacent violators).
 */
export const monotoneBins = (scored: readonly Scored[], binSize: number): readonly FittedBin[] => {
  const sorted = scored.toSorted((one, other) => one.score - other.score)
  const count = Math.max(1, Math.floor(sorted.length / binSize))
  const bins: FittedBin[] = []
  for (let bin = 0; bin < count; bin++) {
    const members = sorted.slice(
      Math.round((bin * sorted.length) / count),
      Math.round(((bin + 1) * sorted.length) / count),
    )
    const right = members.filter((member) => member.right).length
    let pooled: FittedBin = { from: members[0]?.score ?? 0, right, wrong: members.length - right }
    for (let below = bins.at(-1); below !== undefined && share(below) >= share(pooled); below = bins.at(-1)) {
      bins.pop()
      pooled = { from: below.from, right: below.right + pooled.right, wrong: below.wrong + pooled.wrong }
    }
    bins.push(pooled)
  }
  return bins.map((bin, index) => (index === 0 ? { ...bin, from: Number.NEGATIVE_INFINITY } : bin))
}

const share = ({ right, wrong }: FittedBin): number => right / Math.max(1, right + wrong)
