/** What this isolate or process counts for its tenants. */
export const counterNames = ["query_result_hits", "query_result_misses", "query_results_unavailable"] as const
export type CounterName = (typeof counterNames)[number]

export interface Counters {
  readonly count: (tenant: string, name: CounterName) => void
  /** Since this isolate or process began; zero where nothing was counted. */
  readonly of: (tenant: string) => Readonly<Record<CounterName, number>>
}

/** Tenants come from the settings, so there are few; more than this many would be a mistake, and are not counted. */
const mostTenants = 1_000

export const createCounters = (): Counters => {
  const tenants = new Map<string, Map<CounterName, number>>()
  return {
    count: (tenant, name) => {
      const counts = tenants.get(tenant) ?? new Map<CounterName, number>()
      if (!tenants.has(tenant) && tenants.size >= mostTenants) return
      tenants.set(tenant, counts.set(name, (counts.get(name) ?? 0) + 1))
    },
    of: (tenant) => {
      const counts = tenants.get(tenant)
      const valueOf = (name: CounterName): number => counts?.get(name) ?? 0
      return {
        query_result_hits: valueOf("query_result_hits"),
        query_result_misses: valueOf("query_result_misses"),
        query_results_unavailable: valueOf("query_results_unavailable"),
      }
    },
  }
}
