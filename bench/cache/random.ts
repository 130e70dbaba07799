/** A number in [0, 1). */
export type Random = () => number

/** A seeded generator (mulberry32): the same numbers in every run. */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

export const pick = <T>(items: readonly T[], random: Random): T => {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error("Nothing to pick from.")
  return item
}

/** Draws an index with chances that fall as 1/rank^exponent (Zipf). */
export const zipf = (count: number, exponent: number): ((random: Random) => number) => {
  const sums: number[] = []
  let total = 0
  for (let rank = 1; rank <= count; rank++) sums.push((total += rank ** -exponent))
  return (random) => {
    const point = random() * total
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) <= point) low = middle + 1
      else high = middle
    }
    return low
  }
}
