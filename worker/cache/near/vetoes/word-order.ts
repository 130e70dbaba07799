import type { Token } from "../read-question.ts"
import { words } from "../word-lists.ts"
import { against } from "./veto.ts"
import type { Veto } from "./veto.ts"

/** Words that judge rather than name may stand before or after what they judge: "Which is the best sport", "which sport is best". */
const judging = words("best good better most least worst great nice top early much well favorite")

/**
 * The words that both questions share must stand in the same order, wherever the questions have few words beside them:
 * "Does K1 switch K2?" is not "Does K2 switch K1?", and no bag of words can tell. One harmless move explains a whole
 * difference: of a judging word, of two words joined by "and" or "or", or of a noun and what follows its "of" or "for"
 * ("senior project ideas", "ideas for a senior project"). Two such moves may turn the meaning, so one has to do.
 */
export const wordOrder: Veto = ({ asked, stored, onlyAsked, onlyStored }) => {
  if (onlyAsked.length + onlyStored.length > 1) return undefined
  const one = sharedTokens(asked.tokens, onlyAsked)
  const other = sharedTokens(stored.tokens, onlyStored)
  const [order, otherOrder] = [contentOrder(one), contentOrder(other)]
  if (sameOrder(order, otherOrder)) return undefined
  if (isOneMove(one, other) || isOneMove(other, one)) return undefined
  const at = order.findIndex((token, index) => token.stem !== otherOrder[index]?.stem)
  const differing = (list: readonly Token[]): readonly string[] => list.slice(at, at + 2).map(({ text }) => text)
  return against(differing(order), differing(otherOrder))
}

/** All but what a question has alone, and but judging words. */
const sharedTokens = (tokens: readonly Token[], alone: readonly Token[]): readonly Token[] => {
  const left = new Set(alone)
  return tokens.filter((token) => !left.has(token) && !judging.has(token.lower))
}

const contentOrder = (tokens: readonly Token[]): readonly Token[] => tokens.filter(({ content }) => content)

const sameOrder = (one: readonly Token[], other: readonly Token[]): boolean =>
  one.length === other.length && one.every((token, index) => token.stem === other[index]?.stem)

const joining = words("and or")
const linking = words("of for")
/** "The most loved country", "the country is the most loved". */
const being = words("is are was were")
const skipped = words("a an the my your our")

/** The content order that a harmless move makes, and where in it the moved words stand. */
interface Move {
  readonly order: readonly Token[]
  readonly from: number
  readonly to: number
  readonly joined: boolean
}

/**
 * Whether one move turns the first list into the second, and the second says it in the way that the move makes: with
 * "and" again, or as one chain of nouns. ("The edges of the bricks" is not "the bricks of the edges".)
 */
const isOneMove = (one: readonly Token[], other: readonly Token[]): boolean => {
  const order = contentOrder(other)
  return moves(one).some((move) => {
    if (!sameOrder(move.order, order)) return false
    const inner = functionWordsWithin(other, move.from, move.to)
    return move.joined ? inner.length === 1 && joining.has(inner[0] ?? "") : inner.length === 0
  })
}

const moves = (tokens: readonly Token[]): readonly Move[] => {
  const bare = tokens.filter(({ lower }) => !skipped.has(lower))
  return bare.flatMap((token, at): readonly Move[] => {
    if (joining.has(token.lower)) return swap(bare, at, 1, 1, true)
    if (being.has(token.lower)) return swap(bare, at, 1, 1, false)
    if (!linking.has(token.lower)) return []
    return [1, 2].flatMap((head) => [1, 2, 3].flatMap((tail) => swap(bare, at, head, tail, false)))
  })
}

/** After so many words before the place and so many behind it changed sides; none where those are not all content. */
const swap = (tokens: readonly Token[], at: number, head: number, tail: number, joined: boolean): readonly Move[] => {
  const before = tokens.slice(Math.max(0, at - head), at)
  const behind = tokens.slice(at + 1, at + 1 + tail)
  if (before.length < head || behind.length < tail || [...before, ...behind].some(({ content }) => !content)) return []
  const order = contentOrder([...tokens.slice(0, at - head), ...behind, ...before, ...tokens.slice(at + 1 + tail)])
  const from = contentOrder(tokens.slice(0, at - head)).length
  return [{ order, from, to: from + head + tail, joined }]
}

/** The function words between the content words of these numbers. */
const functionWordsWithin = (tokens: readonly Token[], from: number, to: number): readonly string[] => {
  const inner: string[] = []
  let count = 0
  for (const token of tokens) {
    if (token.content) count++
    else if (count > from && count < to && !skipped.has(token.lower)) inner.push(token.lower)
  }
  return inner
}
