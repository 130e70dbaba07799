import type { Rating, RightAndWrong } from "../../contract/provider-board.ts"
import { addRating, noRatings } from "./accuracy.ts"

/** What people said of answers, by candidate and query type, all types together under `""`; those rated last stand last, and of too many they stay. */
export type AccuracyTable = Readonly<Record<string, Readonly<Record<string, RightAndWrong>>>>

export const accuracyLimits: { readonly candidates: number; readonly queryTypes: number } = {
  candidates: 100,
  queryTypes: 24,
}

export const addRatings = (table: AccuracyTable, ratings: readonly Rating[]): AccuracyTable => {
  let after = table
  for (const { candidate, queryType, score, replaces } of ratings) {
    const { [candidate]: known = {}, ...otherCandidates } = after
    const { [queryType]: ofType = noRatings, [""]: ofAll = noRatings, ...otherTypes } = known
    const types = {
      ...newest(otherTypes, accuracyLimits.queryTypes - 2),
      "": addRating(ofAll, score, replaces),
      [queryType]: addRating(ofType, score, replaces),
    }
    after = { ...newest(otherCandidates, accuracyLimits.candidates - 1), [candidate]: types }
  }
  return after
}

const newest = <T>(entries: Readonly<Record<string, T>>, count: number): Readonly<Record<string, T>> => {
  const names = Object.keys(entries)
  return names.length <= count ? entries : Object.fromEntries(Object.entries(entries).slice(names.length - count))
}
