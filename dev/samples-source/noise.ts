/** Seeded chance, so that grain and dirt fall the same way each time; values in 0..1. (mulberry32) */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Roughly normal, mean 0 and deviation 1: the sum of four uniform draws, which needs no logarithm and no sine. */
export const seededGrain = (seed: number): (() => number) => {
  const random = seededRandom(seed)
  return () => (random() + random() + random() + random() - 2) * Math.sqrt(3)
}

/** Smooth unevenness, -1..1: random values on a grid of `cellPx`, blended between its points. */
export const seededClouds = (
  seed: number,
  widthPx: number,
  heightPx: number,
  cellPx: number,
): ((x: number, y: number) => number) => {
  const random = seededRandom(seed)
  const columns = Math.ceil(widthPx / cellPx) + 2
  const rows = Math.ceil(heightPx / cellPx) + 2
  const grid = Float32Array.from({ length: columns * rows }, () => random() * 2 - 1)
  const at = (column: number, row: number) => grid[row * columns + column] ?? 0
  const ease = (t: number) => t * t * (3 - 2 * t)
  return (x, y) => {
    const [column, row] = [Math.floor(x / cellPx), Math.floor(y / cellPx)]
    const [tx, ty] = [ease(x / cellPx - column), ease(y / cellPx - row)]
    const upper = at(column, row) + (at(column + 1, row) - at(column, row)) * tx
    const lower = at(column, row + 1) + (at(column + 1, row + 1) - at(column, row + 1)) * tx
    return upper + (lower - upper) * ty
  }
}
