import type { ReadQuestion, Token } from "./read-question.ts"

/** What two questions have in common, and what each has alone; content words only, compared by stem, as multisets. */
export interface Comparison {
  readonly asked: ReadQuestion
  readonly stored: ReadQuestion
  readonly shared: number
  readonly onlyAsked: readonly Token[]
  readonly onlyStored: readonly Token[]
}

export const compareQuestions = (asked: ReadQuestion, stored: ReadQuestion): Comparison => {
  const onlyAsked = without(asked.content, stored.content)
  return {
    asked,
    stored,
    shared: asked.content.length - onlyAsked.length,
    onlyAsked,
    onlyStored: without(stored.content, asked.content),
  }
}

/** The tokens of one list that the other does not have, as often as it does not have them. */
const without = (tokens: readonly Token[], others: readonly Token[]): readonly Token[] => {
  const left = new Map<string, number>()
  for (const { stem } of others) left.set(stem, (left.get(stem) ?? 0) + 1)
  return tokens.filter(({ stem }) => {
    const count = left.get(stem) ?? 0
    if (count > 0) left.set(stem, count - 1)
    return count === 0
  })
}
