import { normalFrom, uniform } from "./chance.ts"
import { queryTypes } from "./candidates.ts"

/** One question in the simulated world; the same for every policy. */
export interface SimulatedRequest {
  readonly index: number
  /** Milliseconds since the world began. */
  readonly at: number
  readonly isolate: number
  readonly type: number
  readonly outputTokens: number
  /** Below the answering candidate's accuracy, the answer is right. */
  readonly difficulty: number
  /** How much later somebody rates the answer; absent for most. */
  readonly ratedAfterMs?: number
}

export const isolates = 40
const perS = 15
/** Every 40 s more comes for 6 s than all candidates together can take. */
const burstEveryS = 40
const burstS = 6
const burstFactor = 4
const medianTokens = 280
/**
 * The lengths of answers by type, in the order of `queryTypes`: evenly spaced logarithms whose variance is half of the
 * whole, so that half of what makes answers long or short is known beforehand. Together they are as long as if all were
 * drawn alike, which VOLTGATE_LENGTHS=alike does.
 */
const areAlike = process.env["VOLTGATE_LENGTHS"] === "alike"
const typeFactors = areAlike ? [1, 1, 1, 1] : [0.729, 0.387, 1.37, 2.58]
const tokensSigma = areAlike ? 1 : Math.SQRT1_2
const mostTokens = 3_000
const ratedShare = 0.3

export const drawRequests = (seed: number, lengthS: number): readonly SimulatedRequest[] => {
  const requests: SimulatedRequest[] = []
  let at = 0
  for (let index = 0; ; index++) {
    const inBurst = (at / 1000) % burstEveryS >= burstEveryS - burstS
    const rate = perS * (inBurst ? burstFactor : 1)
    at += (-Math.log(1 - uniform(seed, index, 1)) * 1000) / rate
    if (at >= lengthS * 1000) return requests
    const luck = normalFrom(uniform(seed, index, 2), uniform(seed, index, 3))
    const type = Math.floor(uniform(seed, index, 5) * queryTypes.length)
    const typicalTokens = medianTokens * (typeFactors[type] ?? 1)
    requests.push({
      index,
      at,
      isolate: Math.floor(uniform(seed, index, 4) * isolates),
      type,
      outputTokens: Math.min(mostTokens, Math.max(5, Math.round(typicalTokens * Math.exp(tokensSigma * luck)))),
      difficulty: uniform(seed, index, 6),
      ...(uniform(seed, index, 7) < ratedShare ? { ratedAfterMs: 5_000 + 15_000 * uniform(seed, index, 8) } : {}),
    })
  }
}
