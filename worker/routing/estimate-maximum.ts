/** The times that half and nine in ten of something do not exceed. */
export interface Spread {
  readonly p50Ms: number
  readonly p90Ms: number
}

/** The standard normal distribution's quantile at 0.9. */
const z90 = 1.2815515655446004
/** Where nothing is known of the spread: p90 is about 1.9 times p50, as with models' answers in general. */
const usualSigma = 0.5
const precisionMs = 0.5

/**
 * How long it takes until the last of several that run at once is done. Their log-normal distributions are multiplied: the
 * maximum is below a time if all of them are. The maximum of their medians would be too short; for three alike it is
 * exceeded seven times in eight.
 */
export const maximumOf = (spreads: readonly Spread[]): Spread => ({
  p50Ms: quantileOfMaximum(spreads, 0.5),
  p90Ms: quantileOfMaximum(spreads, 0.9),
})

/** By bisection: between the largest of the quantiles themselves, and where each alone is so sure that all together are. */
const quantileOfMaximum = (spreads: readonly Spread[], share: number): number => {
  if (spreads.length === 0) return 0
  const all = spreads.map(toLogNormal)
  const allBelow = (ms: number): number => all.reduce((product, each) => product * shareBelow(each, ms), 1)
  let low = 0
  let high = Math.max(1, ...all.map(({ mu, sigma }) => Math.exp(mu + 6 * sigma)))
  while (high - low > precisionMs) {
    const middle = (low + high) / 2
    if (allBelow(middle) < share) low = middle
    else high = middle
  }
  return high
}

interface LogNormal {
  readonly mu: number
  readonly sigma: number
}

const toLogNormal = ({ p50Ms, p90Ms }: Spread): LogNormal => {
  const mu = Math.log(Math.max(1, p50Ms))
  const sigma = (Math.log(Math.max(1, p90Ms)) - mu) / z90
  return { mu, sigma: sigma > 0 ? sigma : 1e-6 }
}

const shareBelow = ({ mu, sigma }: LogNormal, ms: number): number =>
  ms <= 0 ? 0 : normalShare((Math.log(ms) - mu) / sigma)

/** Of a standard normal variable, by Abramowitz and Stegun, formula 26.2.17; off by less than 7.5e-8. */
const normalShare = (z: number): number => {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(z))
  const poly =
    t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))))
  const upper = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly
  return z >= 0 ? 1 - upper : upper
}

/** A spread of which only the middle is known. */
export const spreadAround = (p50Ms: number): Spread => ({ p50Ms, p90Ms: p50Ms * Math.exp(z90 * usualSigma) })
