import type { Token } from "./read-question.ts"

/** Where two questions differ between words that they share, in order. */
export interface Gap {
  readonly asked: readonly Token[]
  readonly stored: readonly Token[]
}

/** The gaps of the longest common subsequence of two lists of tokens, compared by stem. */
export const align = (asked: readonly Token[], stored: readonly Token[]): readonly Gap[] => {
  const width = stored.length + 1
  const lengths = new Uint16Array((asked.length + 1) * width)
  const length = (row: number, column: number): number => lengths[row * width + column] ?? 0
  for (let row = asked.length - 1; row >= 0; row--) {
    for (let column = stored.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        asked[row]?.stem === stored[column]?.stem
          ? length(row + 1, column + 1) + 1
          : Math.max(length(row + 1, column), length(row, column + 1))
    }
  }
  const gaps: Gap[] = []
  let [row, column, fromRow, fromColumn] = [0, 0, 0, 0]
  const close = (): void => {
    if (row > fromRow || column > fromColumn) {
      gaps.push({ asked: asked.slice(fromRow, row), stored: stored.slice(fromColumn, column) })
    }
  }
  while (row < asked.length && column < stored.length) {
    if (asked[row]?.stem === stored[column]?.stem) {
      close()
      row++
      column++
      ;[fromRow, fromColumn] = [row, column]
    } else if (length(row + 1, column) >= length(row, column + 1)) row++
    else column++
  }
  ;[row, column] = [asked.length, stored.length]
  close()
  return gaps
}
