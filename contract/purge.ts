/** What an invalidation of the cache can name. */
export const purgeKinds = ["picture", "tag", "queryType", "model", "prompt"] as const
export type PurgeKind = (typeof purgeKinds)[number]

export interface PurgeTarget {
  readonly kind: PurgeKind
  readonly value: string
}

/** The answer to `DELETE /v1/cache`. */
export interface PurgeResponse {
  readonly id: string
  readonly purged: "all" | readonly PurgeTarget[]
  /** By then no isolate answers from what was purged; the one that was asked does not from now on. */
  readonly everywhereWithinS: number
}
