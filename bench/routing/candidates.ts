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
  const limits = { slots, queue: Math.round(slots * 2.3), ratePerS, burst: ratePerS * 3 }
  return { provider, model, firstTokenMs, sigma, perTokenMs, ...limits, failingShare: 0.002, accuracy }
}

/** The last one joins late. */
export const candidates: readonly CandidateTraits[] = [
  candidate("openai/large", [1_200, 0.5, 11.5], [40, 9.5], [0.925, 0.885, 0.915, 0.905]),
  candidate("openai/small", [900, 0.5, 8], [80, 14.5], [0.885, 0.805, 0.865, 0.815]),
  candidate("openai/thinking", [1_600, 0.55, 13], [27, 5.5], [0.935, 0.935, 0.915, 0.935]),
  candidate("anthropic/large", [1_350, 0.5, 12], [40, 7.5], [0.935, 0.905, 0.925, 0.925]),
  candidate("anthropic/small", [1_050, 0.5, 8.5], [40, 9.5], [0.895, 0.835, 0.875, 0.845]),
  candidate("google/flash", [1_100, 0.55, 9.5], [56, 12], [0.905, 0.865, 0.915, 0.875]),
  candidate("google/next", [1_000, 0.5, 8.5], [56, 12], [0.925, 0.905, 0.925, 0.915]),
]
