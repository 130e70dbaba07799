import { align } from "../align.ts"
import type { Comparison } from "../compare-questions.ts"
import type { Token } from "../read-question.ts"
import { words } from "../word-lists.ts"
import { against, textsOf } from "./veto.ts"
import type { Veto } from "./veto.ts"

/**
 * Two questions of which one is the other with words replaced, place by place, one or two at a time: "premium" by
 * "basic", "RSUs" by "stock options". People who reword a question move words and leave some out; whoever only replaces a
 * word means another thing. In a count, a word that only one question has counts other things: "how many candles are lit".
 * Known synonyms are no difference here, they have one stem.
 */
export const substitution: Veto = (comparison) => replacedWords(comparison) ?? countedOtherwise(comparison)

const most = 2

const replacedWords = ({ asked, stored, onlyAsked, onlyStored }: Comparison): string | undefined => {
  if (onlyAsked.length === 0 || onlyStored.length === 0) return undefined
  const gaps = align(asked.tokens, stored.tokens)
    .map((gap) => ({ asked: contentOf(gap.asked), stored: contentOf(gap.stored) }))
    .filter((gap) => gap.asked.length + gap.stored.length > 0)
  const allReplaced = gaps.every((gap) =>
    [gap.asked.length, gap.stored.length].every((count) => count > 0 && count <= most),
  )
  if (gaps.length === 0 || !allReplaced) return undefined
  return against(
    gaps.flatMap((gap) => textsOf(gap.asked)),
    gaps.flatMap((gap) => textsOf(gap.stored)),
  )
}

const contentOf = (tokens: readonly Token[]): readonly Token[] => tokens.filter(({ content }) => content)

/** Words that only say that the picture is looked at, by their stems. */
const looking = words("visible see picture sum total altogether overall exact count look number")

const countedOtherwise = ({ asked, stored, onlyAsked, onlyStored }: Comparison): string | undefined => {
  if (!counts(asked.lowerWords) || !counts(stored.lowerWords)) return undefined
  const [one, other] = [onlyAsked, onlyStored].map((tokens) => tokens.filter(({ stem }) => !looking.has(stem)))
  return one === undefined || other === undefined || one.length + other.length === 0
    ? undefined
    : against(textsOf(one), textsOf(other))
}

const counts = (list: readonly string[]): boolean =>
  list.some((word, index) => word === "how" && (list[index + 1] === "many" || list[index + 1] === "much"))
