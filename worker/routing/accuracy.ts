import type { RightAndWrong } from "../../contract/provider-board.ts"

/**
 * How likely a candidate's answer to a question of this type is right: a Beta posterior. The prior, Beta(8.5, 1.5), is
 * worth ten ratings; old ratings fade so that no more than about 500 count.
 */
const prior: RightAndWrong = { right: 8.5, wrong: 1.5 }
const priorRatings = prior.right + prior.wrong
const remembered = 500
/** In standard deviations: enough for a newcomer to be tried, too little to prefer luck to knowledge. */
const noise = 0.2

export const noRatings: RightAndWrong = { right: 0, wrong: 0 }

/** The share of right answers that is taken for a model before anybody rated one. */
export const priorAccuracy: number = prior.right / priorRatings

/** The counts after one more rating from 0 (wrong) to 1 (right); one that was changed takes the earlier one's place. */
export const addRating = (counts: RightAndWrong, score: number, replaces?: number): RightAndWrong => {
  if (replaces !== undefined) {
    return {
      right: Math.max(0, counts.right + score - replaces),
      wrong: Math.max(0, counts.wrong + replaces - score),
    }
  }
  const total = counts.right + counts.wrong
  const kept = total + 1 > remembered ? (remembered - 1) / total : 1
  return { right: counts.right * kept + score, wrong: counts.wrong * kept + (1 - score) }
}

/** A candidate's ratings by query type; under `""` those of all types. */
export type Ratings = Readonly<Record<string, RightAndWrong>>

/**
 * Mean of the posterior for this type of question. Its prior is worth ten ratings and lies where the candidate's answers
 * to all types do, so what is learned of one type is a first guess for the others.
 */
export const accuracyOf = (ratings: Ratings, queryType: string): number => {
  const all = meanOf(ratings[""] ?? noRatings, priorAccuracy)
  return queryType === "" ? all : meanOf(ratings[queryType] ?? noRatings, all)
}

/** How far from its mean the accuracy is drawn, as a standard deviation: less, the more ratings of the type there are. */
export const accuracySpread = (mean: number, { right, wrong }: RightAndWrong = noRatings): number =>
  noise * Math.sqrt((mean * (1 - mean)) / (right + wrong + priorRatings + 1))

const meanOf = ({ right, wrong }: RightAndWrong, expected: number): number =>
  (right + expected * priorRatings) / (right + wrong + priorRatings)
