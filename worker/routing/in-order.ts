/**
 * Sorted by insertion; equals stay as they were. For the dozen candidates of a request that takes less than the built-in
 * sort, which is made for long lists.
 */
export const inOrder = <T>(entries: readonly T[], isBefore: (one: T, other: T) => boolean): readonly T[] => {
  const sorted: T[] = []
  for (const entry of entries) {
    let index = sorted.length
    for (let above = sorted[index - 1]; above !== undefined && isBefore(entry, above); above = sorted[index - 1]) {
      sorted[index--] = above
    }
    sorted[index] = entry
  }
  return sorted
}
