import { words } from "../word-lists.ts"
import type { Veto } from "./veto.ts"

const fresh = words(
  "today tonight yesterday tomorrow now currently nowadays latest recent recently newest today's yesterday's",
)
/** "current" is a time, but before these words, or at the end, it is what flows. */
const electrical = words(
  "rating ratings transformer transformers limit flow flows draw drawn through in of at on is a source path sensor carrying capacity breaking loop coil setting per for",
)

/** A question about what is so at this moment: yesterday's answer may be wrong, however alike the questions. */
export const freshness: Veto = ({ asked, stored }) => {
  const found = firstFresh(asked.lowerWords) ?? firstFresh(stored.lowerWords)
  return found === undefined ? undefined : `"${found}"`
}

const firstFresh = (list: readonly string[]): string | undefined =>
  list.find((word, index) => {
    if (fresh.has(word)) return true
    const next = list[index + 1]
    return word === "current" && next !== undefined && !electrical.has(next)
  })
