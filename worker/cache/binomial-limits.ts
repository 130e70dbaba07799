/**
 * One-sided 95 % limits of a share, by Clopper and Pearson (1934): exact for any number of trials, never too narrow.
 * Few trials give wide limits, so that nothing is believed on little evidence.
 */
const level = 0.05

/** The share of successes is above this, with 95 % certainty. */
export const lowerLimit = (successes: number, failures: number): number =>
  successes <= 0 ? 0 : betaQuantile(level, successes, failures + 1)

/** The share of failures is below this, with 95 % certainty. */
export const upperLimit = (failures: number, successes: number): number =>
  successes <= 0 ? 1 : betaQuantile(1 - level, failures + 1, successes)

/** The x at which the regularized incomplete beta function reaches p; bisection, because it only rises. */
const betaQuantile = (p: number, a: number, b: number): number => {
  let [low, high] = [0, 1]
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2
    if (incompleteBeta(middle, a, b) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Regularized incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8, modified Lentz). */
const incompleteBeta = (x: number, a: number, b: number): number => {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b
}

const tiny = 1e-300
const fraction = (x: number, a: number, b: number): number => {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d)
    c = nonZero(1 + even / c)
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d)
    c = nonZero(1 + odd / c)
    result *= d * c
    if (Math.abs(d * c - 1) < 1e-12) break
  }
  return result
}
const nonZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value)

/** Stirling's series, after moving the argument up to where it is exact to twelve digits. */
const logGamma = (x: number): number => {
  let [z, shift] = [x, 0]
  while (z < 10) shift += Math.log(z++)
  const square = 1 / (z * z)
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / z
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift
}
