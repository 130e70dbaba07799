/** The seven candidates of three providers that the simulator's world has. Times in milliseconds. */
export interface CandidateTraits {
  readonly provider: string
  readonly model: string
  /** First token: log-normal with this median and spread; one in fifty falls into a Pareto tail. */
  readonly firstTokenMs: number
  readonly sigma: number
  readonly perTokenMs: number
  /** Requests served at once, and how many more may wait; beyond that it answers 529. */
  readonly slots: number
  readonly queue: number
  /** Its rate limit, in requests a second and in one burst; beyond that it answers 429. */
  readonly ratePerS: number
  readonly burst: number
  readonly failingShare: number
  /** The share of right answers, by query type. */
  readonly accuracy: readonly number[]
}

export const queryTypes = ["describe", "count", "ocr", "table"] as const

const candidate = (
  id: string,
  [firstTokenMs, sigma, perTokenMs]: readonly [number, number, number],
  [slots, ratePerS]: readonly [number, number],
  accuracy: readonly number[],
): CandidateTraits => {
  const [provider = "", model = ""] = id.split("/")
  const limits = { slots, queue: Math.round(slots / 2), ratePerS, burst: ratePerS * 3 }
  return { provider, model, firstTokenMs, sigma, perTokenMs, ...limits, failingShare: 0.004, accuracy }
}

/** The last one joins late. */
export const candidates: readonly CandidateTraits[] = [
  candidate("openai/large", [900, 0.5, 15], [26, 7], [0.94, 0.9, 0.93, 0.92]),
  candidate("openai/small", [550, 0.5, 9], [30, 9], [0.9, 0.82, 0.88, 0.83]),
  candidate("openai/thinking", [1_500, 0.55, 18], [24, 5], [0.95, 0.95, 0.93, 0.95]),
  candidate("anthropic/large", [1_100, 0.5, 16], [26, 6], [0.95, 0.92, 0.94, 0.94]),
  candidate("anthropic/small", [700, 0.5, 10], [26, 7], [0.91, 0.85, 0.89, 0.86]),
  candidate("google/flash", [800, 0.55, 11], [28, 8], [0.92, 0.88, 0.93, 0.89]),
  candidate("google/next", [650, 0.5, 10], [28, 8], [0.94, 0.92, 0.94, 0.93]),
]
