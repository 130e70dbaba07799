import { isEnglish } from "./is-english.ts"
import type { NearRefusal } from "./near-verdict.ts"

/** Longer questions are instructions with cases and lists: no table reads those, and reading eight of them costs time. */
export const nearLaneMaxChars = 500

/** Why the near lane does not read this question at all; to be asked before an embedder is. */
export const refuseUnread = (query: string): NearRefusal | undefined => {
  if (query.length > nearLaneMaxChars) {
    return { served: false, veto: "too_long", detail: `${query.length} characters; at most ${nearLaneMaxChars}` }
  }
  return isEnglish(query)
    ? undefined
    : { served: false, veto: "not_english", detail: "only English questions are read" }
}
