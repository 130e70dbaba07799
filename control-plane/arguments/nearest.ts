/** The valid name that a mistyped one most likely means; none when no name is close. Leading dashes do not count. */
export const nearest = (typed: string, valid: readonly string[]): string | undefined => {
  const bare = withoutDashes(typed)
  const ranked = valid
    .map((name) => ({ name, distance: editDistance(bare, withoutDashes(name)) }))
    .toSorted((a, b) => a.distance - b.distance)
  const [best] = ranked
  if (best === undefined) return undefined
  return best.distance <= Math.max(1, Math.floor(withoutDashes(best.name).length / 2)) ? best.name : undefined
}

const withoutDashes = (name: string): string => name.replace(/^-+/, "")

/**
 * Letters to insert, delete, replace or swap with their neighbor to make one word of the other: optimal string
 * alignment, as in L. Boytsov, "Indexing methods for approximate dictionary searching" (2011), section 2.1.
 */
export const editDistance = (from: string, to: string): number => {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = at(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1)
      const swaps = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const swapped = swaps ? at(beforeLast, column - 2) + 1 : Infinity
      current.push(Math.min(at(last, column) + 1, at(current, column - 1) + 1, replaced, swapped))
    }
    beforeLast = last
    last = current
  }
  return at(last, to.length)
}

const at = (numbers: readonly number[], index: number): number => numbers[index] ?? Infinity
