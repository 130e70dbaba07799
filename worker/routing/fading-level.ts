import type { FadingLevel } from "../../contract/candidate-health.ts"

/**
 * Where a positive quantity lies now, kept as its logarithm: a slow and a fast mean that fade by the clock, and the usual
 * one, which is expected again after a silence. Updating it costs a few multiplications and no list.
 */

const slowLifeMs = 30_000
/** The fast mean lives a fifth as long, so what is left of its weight is the slow one's fifth power: one exponential for both. */
const fastPower = 5
const usualCount = 200
/** A silence makes the slow mean drift to the usual one, and single quick ones do not move the fast mean far. */
const slowShrink = 1
const fastShrink = 3
const unknownSigma = 0.6
/** One value in the tail must not blow up the spread. */
const mostDeviation = 2

/** A level that nobody has measured yet. */
export const newLevel = (expected: number): FadingLevel => ({
  slow: Math.log(expected),
  slowWeight: 0,
  fast: Math.log(expected),
  fastWeight: 0,
  usual: Math.log(expected),
  usualWeight: 0,
  variance: unknownSigma ** 2,
  at: 0,
})

/** What is left of the slow weight; a clock that went back fades nothing. */
const left = (level: FadingLevel, now: number): number => (now > level.at ? Math.exp((level.at - now) / slowLifeMs) : 1)

/** The level after one more value was seen. */
export const addValue = (level: FadingLevel, value: number, now: number): FadingLevel => {
  const x = Math.log(Math.max(value, 0.001))
  const { slowLevel } = levelsAt(level, now)
  const slowWeight = level.slowWeight * left(level, now) + 1
  const usualWeight = Math.min(usualCount, level.usualWeight + 1)
  const deviation = Math.max(-mostDeviation, Math.min(mostDeviation, x - slowLevel))
  return {
    ...addToFast(level, x, now),
    slow: level.slow + (x - level.slow) / slowWeight,
    slowWeight,
    usual: level.usual + (x - level.usual) / usualWeight,
    usualWeight,
    // The spread that is assumed at first counts like ten values.
    variance: level.variance + (deviation ** 2 - level.variance) / Math.min(usualCount, usualWeight + 10),
  }
}

/** The level after it became known that the next value will exceed this one; only what is fast to learn takes it up. */
export const addLowerBound = (level: FadingLevel, bound: number, now: number): FadingLevel => {
  const x = Math.log(Math.max(bound, 0.001))
  const slowWeight = level.slowWeight * left(level, now)
  return x > level.fast || level.fastWeight === 0 ? { ...addToFast(level, x, now), slowWeight } : level
}

const addToFast = (level: FadingLevel, x: number, now: number): FadingLevel => {
  const fastWeight = level.fastWeight * left(level, now) ** fastPower + 1
  return { ...level, fast: level.fast + (x - level.fast) / fastWeight, fastWeight, at: Math.max(level.at, now) }
}

/** ln of what is expected by the slow and by the fast mean, each drawn to the steadier one when it rests on little. */
const levelsAt = (level: FadingLevel, now: number): { readonly slowLevel: number; readonly fastLevel: number } => {
  const kept = left(level, now)
  const slowWeight = level.slowWeight * kept
  const slowLevel = (level.slow * slowWeight + level.usual * slowShrink) / (slowWeight + slowShrink)
  const fastWeight = level.fastWeight * (kept * kept * kept * kept * kept)
  const fastLevel = (level.fast * fastWeight + slowLevel * fastShrink) / (fastWeight + fastShrink)
  return { slowLevel, fastLevel }
}

/** The mean that is expected now: of a log-normal quantity, by the worse of both levels. */
export const expectedValue = (level: FadingLevel, now: number): number => {
  const { slowLevel, fastLevel } = levelsAt(level, now)
  return Math.exp(Math.max(slowLevel, fastLevel) + (level.usualWeight === 0 ? 0 : level.variance / 2))
}

/** exp(μ + 2σ): the value that one in forty exceeds. */
export const unusualValue = (level: FadingLevel, now: number): number =>
  Math.exp(levelsAt(level, now).slowLevel + 2 * Math.sqrt(level.variance))
