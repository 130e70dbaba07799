import type { FittedEmbedder } from "./confidence.ts"

/**
 * Every number of the near lane that was fitted, and nothing else. Made by `bench/cache/fit.ts` from labelled pairs that
 * are not part of this repository (docs/cache.md says which); whoever has the files runs
 *
 *   node dev/with-node.mjs bench/cache/fit.ts --data <folder>
 *
 * and gets the same numbers. Fitted on pairs that reach the confidence: English, another canonical form, no veto. Pairs
 * with the very same words that are labelled "different" are left out; all other errors of the labels count against us.
 *
 * - `text`: logistic regression of "one answer serves both" on the features of `text-features.ts`; 6,000 pairs of general
 *   questions, and 6,000 pairs of questions about one picture (less those answered yes or no).
 * - an embedder's intercept, text and cosine: logistic regression on the text score and the cosine of the same pairs; for
 *   text-embedding-3-small on 498 general pairs and 52 traps with recorded cosines (of 1,536 dimensions; 512 are used
 *   here, whose order is nearly the same). Its cosine knows all that the wording does, so it stands alone.
 * - bins: how many pairs of such a score were right and wrong. Each pair was scored by weights fitted without it (five
 *   folds); bins of about equal size, pooled until they are monotone.
 * - `unmeasured`: an embedder of which no labelled cosines are at hand nominates; the wording alone is judged.
 */
interface Fitted {
  readonly text: { readonly intercept: number; readonly weights: readonly number[] }
  /** By the embedder's id. */
  readonly embedders: Readonly<Record<string, FittedEmbedder>>
  readonly unmeasured: FittedEmbedder
}

export const fitted: Fitted = {
  text: { intercept: -1.186, weights: [0.811, -0.388, -0.102, 1.566, -0.273, -0.173, -0.326, -0.41] },
  embedders: {
    "lexical-1-1024": {
      nominatedFrom: 0.4,
      intercept: 0,
      cosine: 0,
      bins: [
        { from: Number.NEGATIVE_INFINITY, right: 130, wrong: 180 },
        { from: -0.116, right: 339, wrong: 280 },
        { from: 0.396, right: 93, wrong: 62 },
        { from: 0.509, right: 202, wrong: 108 },
        { from: 0.93, right: 113, wrong: 42 },
        { from: 1.555, right: 137, wrong: 18 },
      ],
    },
    "openai/text-embedding-3-small@512": {
      nominatedFrom: 0.7,
      intercept: -13.037,
      cosine: 17.349,
      bins: [
        { from: Number.NEGATIVE_INFINITY, right: 18, wrong: 17 },
        { from: 0.899, right: 28, wrong: 8 },
        { from: 2.034, right: 66, wrong: 5 },
        { from: 4.253, right: 35, wrong: 0 },
      ],
    },
  },
  unmeasured: {
    nominatedFrom: 0.7,
    intercept: 0,
    cosine: 0,
    bins: [
      { from: Number.NEGATIVE_INFINITY, right: 10, wrong: 307 },
      { from: -2.259, right: 52, wrong: 265 },
      { from: -1.116, right: 103, wrong: 213 },
      { from: -0.589, right: 145, wrong: 172 },
      { from: -0.161, right: 172, wrong: 145 },
      { from: 0.194, right: 389, wrong: 244 },
      { from: 1.077, right: 256, wrong: 61 },
    ],
  },
}
