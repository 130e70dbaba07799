import { align } from "../align.ts"
import { against, textsOf } from "./veto.ts"
import type { Veto } from "./veto.ts"

/**
 * Two questions of which one is the other with words replaced, place by place, one or two at a time: "premium" by "basic", "RSUs" by "stock options".
 * People who reword a question move words and leave some out; whoever only replaces a word means another thing. Known
 * synonyms are no difference here, they have one stem.
 */
export const substitution: Veto = ({ asked, stored, onlyAsked, onlyStored }) => {
  if (onlyAsked.length === 0 || onlyStored.length === 0) return undefined
  const gaps = align(asked.tokens, stored.tokens)
    .map((gap) => ({
      asked: gap.asked.filter(({ content }) => content),
      stored: gap.stored.filter(({ content }) => content),
    }))
    .filter((gap) => gap.asked.length + gap.stored.length > 0)
  const allReplaced = gaps.every((gap) =>
    [gap.asked.length, gap.stored.length].every((count) => count > 0 && count <= 2),
  )
  return gaps.length > 0 && allReplaced
    ? against(
        gaps.flatMap((gap) => textsOf(gap.asked)),
        gaps.flatMap((gap) => textsOf(gap.stored)),
      )
    : undefined
}
