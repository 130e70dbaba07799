/** Repeats `length` bytes from `distance` before `at`; where they overlap, what was just written is repeated too. */
export const copyMatch = (output: Uint8Array, at: number, distance: number, length: number): void => {
  const end = at + length
  if (length > 24) {
    if (distance === 1) {
      output.fill(output[at - 1]!, at, end)
      return
    }
    if (distance >= length) {
      output.copyWithin(at, at - distance, end - distance)
      return
    }
  }
  for (let to = at, from = at - distance; to < end; to++, from++) output[to] = output[from]!
}
