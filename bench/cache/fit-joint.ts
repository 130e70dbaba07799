import type { ComparedPair } from "./compared-pairs.ts"
import { fitLogistic, scoreRow } from "./logistic.ts"
import type { Weights } from "./logistic.ts"
import type { Scored } from "./monotone-bins.ts"

export const folds = 5

/** How a cosine joins the wording. */
export interface Joint {
  readonly intercept: number
  readonly cosine: number
}

export const fitText = (pairs: readonly ComparedPair[]): Weights =>
  fitLogistic(
    pairs.map(({ features }) => features),
    pairs.map(({ right }) => right),
  )

/**
 * What the cosine adds to the wording's score, which is taken over as it is: it was fitted on twenty times as many pairs,
 * questions about pictures among them. A cosine that adds nothing counts for nothing.
 */
export const fitJoint = (
  text: Weights,
  pairs: readonly ComparedPair[],
  cosineOf: (pair: ComparedPair) => number,
): Joint => {
  const [intercept = 0, cosine = 0] = fitLogistic(
    pairs.map((pair) => [cosineOf(pair)]),
    pairs.map(({ right }) => right),
    { ridge: 0.1, offsets: pairs.map((pair) => scoreRow(text, pair.features)) },
  )
  return cosine > 0 ? { intercept, cosine } : wordingOnly
}
export const wordingOnly: Joint = { intercept: 0, cosine: 0 }

export const jointScore = (text: Weights, joint: Joint, pair: ComparedPair, cosine: number): number =>
  joint.intercept + scoreRow(text, pair.features) + joint.cosine * cosine

/** Scores of each pair by weights that were fitted without it. */
export const crossFit = (
  pairs: readonly ComparedPair[],
  textOf: (train: readonly ComparedPair[]) => Weights,
  cosineOf: (pair: ComparedPair) => number,
  jointOf: (text: Weights, train: readonly ComparedPair[]) => Joint,
): readonly Scored[] =>
  Array.from({ length: folds }, (_, fold) => {
    const train = pairs.filter((__, index) => index % folds !== fold)
    const text = textOf(train)
    const joint = jointOf(text, train)
    return pairs
      .filter((__, index) => index % folds === fold)
      .map((pair) => ({ score: jointScore(text, joint, pair, cosineOf(pair)), right: pair.right }))
  }).flat()
