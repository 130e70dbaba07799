/**
 * How many requests at once a candidate serves, inferred from how much later its first tokens come when more are in
 * flight. By Little's law a server that serves S at once, with N in flight, lets the next one wait for N − S others, which
 * takes (N − S) ÷ S times what one takes. For each of some sizes S it is kept how well it explains what came; with what is
 * expected of any candidate, Bayes' rule says how likely each is. So nothing has to be full to learn from: thirty in
 * flight and no wait say that fewer than thirty is wrong.
 */
export interface ConcurrencyLimit {
  /** For each of `sizes` the logarithm of its likelihood, relative to that of the likeliest. */
  readonly logLikelihoods: readonly number[]
  /** ln of the milliseconds to a first token while far from full, and of how many that is the mean. */
  readonly idleLogMs: number
  readonly idleCount: number
}

/** One first token: how many were in flight when it was asked for, and how long requests take as a whole. */
export interface Arrival {
  readonly inFlight: number
  readonly firstTokenMs: number
  readonly responseTimeMs: number
}

export const sizeCount = 32
const [least, most] = [4, 1_000]
const sizes: readonly number[] = Array.from(
  { length: sizeCount },
  (_, index) => least * (most / least) ** (index / (sizeCount - 1)),
)
/** What is expected of any candidate: log-normal. */
const usualSize = 80
const usualSigma = 0.7
const logPriors: readonly number[] = sizes.map((size) => -((Math.log(size / usualSize) / usualSigma) ** 2) / 2)

/** Of ln of first tokens to requests that wait alike. */
const sigma = 0.5
/** One first token far off is chance, and must not rule out anything. */
const mostSurprise = 2
/** A size that was ruled out comes back by a few dozen first tokens, for limits change. */
const leastLikelihood = -10
/** Below this share of the limit nothing waits. */
const idleShare = 0.5
const enoughIdle = 5
const rememberedIdle = 100

export const newConcurrencyLimit: ConcurrencyLimit = {
  logLikelihoods: sizes.map(() => 0),
  idleLogMs: 0,
  idleCount: 0,
}

/** The limit after one more first token. */
export const afterArrival = (limit: ConcurrencyLimit, arrival: Arrival): ConcurrencyLimit => {
  const logMs = Math.log(Math.max(1, arrival.firstTokenMs))
  const { idleLogMs, idleCount } = limit
  const isIdle = arrival.inFlight < idleShare * limitOf(limit)
  const counted = isIdle ? Math.min(rememberedIdle, idleCount + 1) : idleCount
  return {
    logLikelihoods: idleCount < enoughIdle ? limit.logLikelihoods : explained(limit, arrival, logMs),
    idleLogMs: isIdle ? idleLogMs + (logMs - idleLogMs) / counted : idleLogMs,
    idleCount: counted,
  }
}

const explained = (
  { logLikelihoods, idleLogMs }: ConcurrencyLimit,
  { inFlight, responseTimeMs }: Arrival,
  logMs: number,
): readonly number[] => {
  const surprise = (expectedLogMs: number): number => Math.min(mostSurprise, ((logMs - expectedLogMs) / sigma) ** 2 / 2)
  const idleMs = Math.exp(idleLogMs)
  const withoutWait = surprise(idleLogMs)
  const logs = sizes.map((size, index) => {
    const waitMs = ((inFlight - size) / size) * responseTimeMs
    return (logLikelihoods[index] ?? 0) - (waitMs > 0 ? surprise(Math.log(idleMs + waitMs)) : withoutWait)
  })
  return relative(logs)
}

/** The limit after a request was refused (429, 529) with so many in flight: hardly more are served, unless it was next to none. */
export const afterRefusal = (limit: ConcurrencyLimit, inFlight: number): ConcurrencyLimit => {
  if (inFlight < least) return limit
  const logs = sizes.map((size, index) => (limit.logLikelihoods[index] ?? 0) - (size > inFlight ? 1 : 0))
  return { ...limit, logLikelihoods: relative(logs) }
}

const relative = (logs: readonly number[]): readonly number[] => {
  const likeliest = Math.max(...logs)
  return logs.map((log) => Math.max(leastLikelihood, log - likeliest))
}

/** Limits never change, so each is worked out once. */
const known = new WeakMap<readonly number[], number>()

/**
 * How many requests at once the candidate is taken to serve: the harmonic mean, because what is asked of it is how full
 * so many in flight make it, N ÷ S.
 */
export const limitOf = ({ logLikelihoods }: ConcurrencyLimit): number => {
  const before = known.get(logLikelihoods)
  if (before !== undefined) return before
  let [sum, shares] = [0, 0]
  for (const [index, size] of sizes.entries()) {
    const likelihood = Math.exp((logLikelihoods[index] ?? 0) + (logPriors[index] ?? 0))
    sum += likelihood
    shares += likelihood / size
  }
  const limit = sum / shares
  known.set(logLikelihoods, limit)
  return limit
}

/** What is assumed of a candidate that nobody has asked yet. */
export const defaultConcurrencyLimit: number = limitOf(newConcurrencyLimit)
