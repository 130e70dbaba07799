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
  text: { intercept: -1.185, weights: [0.783, -0.388, -0.1, 1.573, -0.259, -0.168, -0.332, -0.474] },
  embedders: {
    "lexical-1-1024": {
      nominatedFrom: 0.4,
      intercept: 0,
      cosine: 0,
      firstBin: 0,
      bins: [
        { from: Number.NEGATIVE_INFINITY, right: 65, wrong: 91 },
        { from: -0.294, right: 69, wrong: 86 },
        { from: -0.09, right: 80, wrong: 76 },
        { from: 0.066, right: 169, wrong: 142 },
        { from: 0.305, right: 188, wrong: 123 },
        { from: 0.513, right: 200, wrong: 112 },
        { from: 0.94, right: 114, wrong: 41 },
        { from: 1.516, right: 137, wrong: 19 },
      ],
    },
    "openai/text-embedding-3-small@512": {
      nominatedFrom: 0.7,
      intercept: -11.016,
      cosine: 14.967,
      firstBin: 10,
      bins: [
        { from: Number.NEGATIVE_INFINITY, right: 16, wrong: 14 },
        { from: 0.496, right: 22, wrong: 8 },
        { from: 1.74, right: 27, wrong: 4 },
        { from: 2.627, right: 28, wrong: 2 },
        { from: 3.337, right: 58, wrong: 2 },
      ],
    },
  },
  unmeasured: {
    nominatedFrom: 0.7,
    intercept: 0,
    cosine: 0,
    firstBin: 20,
    bins: [
      { from: Number.NEGATIVE_INFINITY, right: 10, wrong: 312 },
      { from: -2.263, right: 51, wrong: 270 },
      { from: -1.14, right: 107, wrong: 215 },
      { from: -0.617, right: 136, wrong: 186 },
      { from: -0.178, right: 175, wrong: 146 },
      { from: 0.188, right: 196, wrong: 126 },
      { from: 0.57, right: 208, wrong: 113 },
      { from: 1.074, right: 254, wrong: 68 },
    ],
  },
}
