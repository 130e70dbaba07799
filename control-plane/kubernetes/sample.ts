/** One reading of a signal, as its source gave it; nothing is believed yet. */
export interface RawSample {
  /** Whatever the source gave: a number, a string, null, nothing. */
  readonly value: unknown
  /** When the source measured it; absent where it does not say. */
  readonly measuredAtMs?: number
  readonly readAtMs: number
  /** Which source gave it, for people: `prometheus`, `metrics.k8s.io`. */
  readonly source: string
}

/** A reading, or why there is none. */
export type Reading =
  | { readonly kind: "sample"; readonly sample: RawSample }
  | { readonly kind: "no-data"; readonly reason: string; readonly source: string }

/** A believed reading: finite, not negative, young enough. */
export interface Sample {
  readonly value: number
  readonly measuredAtMs: number
}
