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
  text: { intercept: -1.24, weights: [0.831, -0.346, -0.107, 1.511, -0.128, -0.169, -0.356, -0.254] },
  embedders: {
    "lexical-1-1024": {
      nominatedFrom: 0.4,
      intercept: 0,
      cosine: 0,
      bins: [
        { from: Number.NEGATIVE_INFINITY, right: 71, wrong: 91 },
        { from: -0.388, right: 73, wrong: 89 },
        { from: -0.143, right: 157, wrong: 167 },
        { from: 0.141, right: 181, wrong: 144 },
        { from: 0.367, right: 309, wrong: 177 },
        { from: 0.892, right: 119, wrong: 43 },
        { from: 1.547, right: 139, wrong: 23 },
      ],
    },
    "openai/text-embedding-3-small@512": {
      nominatedFrom: 0.7,
      intercept: -12.597,
      cosine: 16.849,
      bins: [
        { from: Number.NEGATIVE_INFINITY, right: 20, wrong: 16 },
        { from: 0.932, right: 26, wrong: 9 },
        { from: 1.948, right: 66, wrong: 5 },
        { from: 4.188, right: 36, wrong: 0 },
      ],
    },
  },
  unmeasured: {
    nominatedFrom: 0.7,
    intercept: 0,
    cosine: 0,
    bins: [
      { from: Number.NEGATIVE_INFINITY, right: 9, wrong: 304 },
      { from: -2.2, right: 48, wrong: 265 },
      { from: -1.243, right: 95, wrong: 218 },
      { from: -0.841, right: 123, wrong: 190 },
      { from: -0.427, right: 132, wrong: 182 },
      { from: -0.09, right: 183, wrong: 130 },
      { from: 0.201, right: 185, wrong: 128 },
      { from: 0.582, right: 194, wrong: 119 },
      { from: 1.063, right: 252, wrong: 61 },
    ],
  },
}
