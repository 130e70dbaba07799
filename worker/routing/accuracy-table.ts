import type { Rating, RightAndWrong } from "../../contract/provider-board.ts"
import { addRating, noRatings } from "./accuracy.ts"
import { keepNewest } from "./keep-newest.ts"

/** What people said of answers, by candidate and query type, all types together under `""`; those rated last stand last, and of too many they stay. */
export type AccuracyTable = Readonly<Record<string, Readonly<Record<string, RightAndWrong>>>>

export const accuracyLimits: { readonly candidates: number; readonly queryTypes: number } = {
  candidates: 100,
  queryTypes: 24,
}

export const addRatings = (table: AccuracyTable, ratings: readonly Rating[]): AccuracyTable => {
  let after = table
  for (const { candidate, queryType, score, replaces } of ratings) {
    const known = after[candidate] ?? {}
    const rate = (types: AccuracyTable[string], type: string): AccuracyTable[string] =>
      keepNewest(types, type, addRating(types[type] ?? noRatings, score, replaces), accuracyLimits.queryTypes)
    after = keepNewest(after, candidate, rate(rate(known, ""), queryType), accuracyLimits.candidates)
  }
  return after
}
