import { lowerLimit } from "../binomial-limits.ts"
import { fitted } from "./fitted.ts"

/** How often a neighbor with such a score was right, of all that were looked at. */
export interface BinCounts {
  readonly right: number
  readonly wrong: number
}

export interface FittedBin extends BinCounts {
  /** The lowest score in the bin. */
  readonly from: number
}

/** How one embedder's cosine and the wording go together into a score, and what that score was worth. */
export interface FittedEmbedder {
  /** A neighbor below this cosine is not looked at. */
  readonly nominatedFrom: number
  readonly intercept: number
  readonly cosine: number
  /** The number of its first bin, so that no embedder's findings count for another's. At most ten bins follow. */
  readonly firstBin: number
  /** Lowest first; the first bin begins at minus infinity. */
  readonly bins: readonly FittedBin[]
}

export interface Confidence {
  /** The bin, for whoever learns later whether the neighbor was right. */
  readonly bin: number
  /** The neighbor's answer is right with at least this probability, with 95 % certainty. */
  readonly confidence: number
}

export const fittedFor = (embedder: string): FittedEmbedder => fitted.embedders[embedder] ?? fitted.unmeasured

/** The logit of being right, by the fitted weights. */
export const scoreOf = (embedder: FittedEmbedder, features: readonly number[], cosine: number): number =>
  embedder.intercept + textScore(features) + embedder.cosine * cosine

export const textScore = (features: readonly number[]): number =>
  features.reduce((sum, feature, index) => sum + feature * (fitted.text.weights[index] ?? 0), fitted.text.intercept)

/**
 * What a score is worth: the lower limit of the share that was right among neighbors of that score. Two witnesses, the
 * labelled pairs that everything was fitted on, and what this deployment has verified itself; the one that knows more
 * speaks. A better score is never worth less.
 */
export const confidenceOf = (
  embedder: FittedEmbedder,
  score: number,
  evidence: readonly BinCounts[] = [],
): Confidence => {
  const bin = Math.max(
    0,
    embedder.bins.findLastIndex(({ from }) => score >= from),
  )
  const own = evidence.slice(embedder.firstBin, embedder.firstBin + embedder.bins.length)
  return { bin: embedder.firstBin + bin, confidence: Math.max(worth(embedder.bins, bin), worth(own, bin)) }
}

/**
 * The best limit that can be given for a bin. Lower bins are right less often or as often, so what is known of them may be
 * pooled with it.
 */
const worth = (bins: readonly BinCounts[], bin: number): number => {
  let [best, right, wrong] = [0, 0, 0]
  for (let index = Math.min(bin, bins.length - 1); index >= 0; index--) {
    right += bins[index]?.right ?? 0
    wrong += bins[index]?.wrong ?? 0
    best = Math.max(best, lowerLimit(right, wrong))
  }
  return best
}
