import type { Token } from "./read-question.ts"

/** Where two questions differ between words that they share, in order. */
export interface Gap {
  readonly asked: readonly Token[]
  readonly stored: readonly Token[]
}

/**
 * The gaps of the longest common subsequence of two lists of tokens, compared by stem. What both begin and end with is
 * set aside first, because the rest takes quadratic time and is short for questions that are alike.
 */
export const align = (asked: readonly Token[], stored: readonly Token[]): readonly Gap[] => {
  const shorter = Math.min(asked.length, stored.length)
  let start = 0
  while (start < shorter && asked[start]?.stem === stored[start]?.stem) start++
  let end = 0
  while (end < shorter - start && asked.at(-1 - end)?.stem === stored.at(-1 - end)?.stem) end++
  return gapsOf(asked.slice(start, asked.length - end), stored.slice(start, stored.length - end))
}

const gapsOf = (asked: readonly Token[], stored: readonly Token[]): readonly Gap[] => {
  const common = commonLengths(asked, stored)
  const gaps: Gap[] = []
  let [row, column, fromRow, fromColumn] = [0, 0, 0, 0]
  const close = (toRow: number, toColumn: number): void => {
    if (toRow > fromRow || toColumn > fromColumn) {
      gaps.push({ asked: asked.slice(fromRow, toRow), stored: stored.slice(fromColumn, toColumn) })
    }
  }
  while (row < asked.length && column < stored.length) {
    if (asked[row]?.stem === stored[column]?.stem) {
      close(row++, column++)
      ;[fromRow, fromColumn] = [row, column]
    } else if (common(row + 1, column) >= common(row, column + 1)) row++
    else column++
  }
  close(asked.length, stored.length)
  return gaps
}

/** How long the common subsequence of what follows two places is. */
const commonLengths = (
  asked: readonly Token[],
  stored: readonly Token[],
): ((row: number, column: number) => number) => {
  const width = stored.length + 1
  const lengths = new Uint16Array((asked.length + 1) * width)
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0
  for (let row = asked.length - 1; row >= 0; row--) {
    for (let column = stored.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        asked[row]?.stem === stored[column]?.stem
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  return at
}
