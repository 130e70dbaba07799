/** A pair with what a policy makes of it: the higher the score, the sooner it is served; undefined is never. */
export interface Decided {
  readonly score: number | undefined
  readonly same: boolean
}

/**
 * The share of same pairs that are served at the most generous threshold that keeps wrong answers within this share of
 * those served.
 */
export const recallAt = (mostWrong: number, decided: readonly Decided[]): number => {
  const all = decided.filter(({ same }) => same).length
  const served = decided.flatMap(({ score, same }) => (score === undefined ? [] : [{ score, same }]))
  const ranked = served.toSorted((one, other) => other.score - one.score)
  let [best, right] = [0, 0]
  for (const [index, { score, same }] of ranked.entries()) {
    if (same) right++
    // Pairs of one score stand or fall together: a threshold cannot part them.
    if (ranked[index + 1]?.score === score) continue
    if (index + 1 - right <= mostWrong * (index + 1)) best = right
  }
  return best / Math.max(1, all)
}

/** What a fixed threshold serves: the share of same pairs, and how many of those served are wrong. */
export const servedFrom = (
  threshold: number,
  decided: readonly Decided[],
): { readonly served: number; readonly wrong: number; readonly recall: number } => {
  const all = decided.filter(({ same }) => same).length
  const served = decided.filter(({ score }) => score !== undefined && score >= threshold)
  const wrong = served.filter(({ same }) => !same).length
  return { served: served.length, wrong, recall: (served.length - wrong) / Math.max(1, all) }
}
