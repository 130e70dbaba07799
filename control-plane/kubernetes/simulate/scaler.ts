import type { Metrics } from "./metrics.ts"

/** What a scaler gets to see, every cycle. */
export interface View {
  readonly nowS: number
  /** What the monitoring says; frozen where the trace says so. */
  readonly metrics: Metrics
  /** What a second source says, for who has one. */
  readonly second: Metrics
  /** Asked for, those that start included. */
  readonly currentReplicas: number
  readonly readyReplicas: number
}

/** Gives the replicas to ask for. It remembers on its own: make a new one for each run. */
export type Scaler = (view: View) => number

export interface NamedScaler {
  readonly name: string
  readonly create: () => Scaler
}

export interface Bounds {
  readonly min: number
  readonly max: number
}
