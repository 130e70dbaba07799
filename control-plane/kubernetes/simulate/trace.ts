/** Requests a second over time. */
export interface Trace {
  readonly name: string
  /** One for each step of `stepS`; requests come at random at that rate. */
  readonly rates: readonly number[]
  readonly stepS: number
  /** From when to when the metrics repeat themselves. */
  readonly frozenS?: { readonly from: number; readonly to: number }
}

export const lengthOf = ({ rates, stepS }: Trace): number => rates.length * stepS

/** How many requests are to be expected. */
export const requestsOf = ({ rates, stepS }: Trace): number => rates.reduce((sum, rate) => sum + rate, 0) * stepS

export const peakOf = ({ rates }: Trace): number => rates.reduce((most, rate) => Math.max(most, rate), 0)
