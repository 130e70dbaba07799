/** Weights of a logistic regression: the first is the intercept. */
export type Weights = readonly number[]

/**
 * Fits a logistic regression by Newton's method, with a small ridge penalty on standardized features, so that no weight
 * runs away on few rows. Offsets are what is known of each row's logit beforehand.
 */
export const fitLogistic = (
  rows: readonly (readonly number[])[],
  labels: readonly boolean[],
  { ridge = 1, offsets = [] }: { readonly ridge?: number; readonly offsets?: readonly number[] } = {},
): Weights => {
  const count = rows[0]?.length ?? 0
  const means = column(count, (index) => mean(rows.map((row) => row[index] ?? 0)))
  const spreads = column(count, (index) => {
    const center = means[index] ?? 0
    return Math.sqrt(mean(rows.map((row) => ((row[index] ?? 0) - center) ** 2))) || 1
  })
  const scaled = rows.map((row) => [
    1,
    ...row.map((value, index) => (value - (means[index] ?? 0)) / (spreads[index] ?? 1)),
  ])
  let weights: number[] = column(count + 1, () => 0)
  for (let step = 0; step < 30; step++) {
    const gradient = weights.map((weight, index) => (index === 0 ? 0 : ridge * weight))
    const hessian = weights.map((_, row) => weights.map((__, at) => (row === at ? (row === 0 ? 1e-9 : ridge) : 0)))
    for (const [at, row] of scaled.entries()) {
      const chance = 1 / (1 + Math.exp(-dot(row, weights) - (offsets[at] ?? 0)))
      const slope = chance * (1 - chance)
      for (const [i, value] of row.entries()) {
        gradient[i] = (gradient[i] ?? 0) + value * (chance - (labels[at] === true ? 1 : 0))
        const line = hessian[i] ?? []
        for (const [j, other] of row.entries()) line[j] = (line[j] ?? 0) + slope * value * other
      }
    }
    const move = solve(hessian, gradient)
    weights = weights.map((weight, index) => weight - (move[index] ?? 0))
  }
  const [intercept = 0, ...slopes] = weights
  const unscaled = slopes.map((weight, index) => weight / (spreads[index] ?? 1))
  return [intercept - dot(unscaled, means), ...unscaled]
}

export const scoreRow = ([intercept = 0, ...slopes]: Weights, row: readonly number[]): number =>
  intercept + dot(slopes, row)

const column = <T>(length: number, value: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => value(index))
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
const dot = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)

/** Gaussian elimination; the matrix is symmetric and positive, so it needs no pivots. */
const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] => {
  const rows = matrix.map((line, index) => [...line, right[index] ?? 0])
  const size = rows.length
  for (let pivot = 0; pivot < size; pivot++) {
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue
      const factor = (rows[row]?.[pivot] ?? 0) / (rows[pivot]?.[pivot] ?? 1)
      rows[row] = (rows[row] ?? []).map((value, at) => value - factor * (rows[pivot]?.[at] ?? 0))
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1))
}
