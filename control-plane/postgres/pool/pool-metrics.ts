/** What a pool of connections does at a moment. */
export interface PoolMetrics {
  readonly total: number
  readonly idle: number
  readonly active: number
  /** Requests that wait for a connection. */
  readonly waiting: number
  /** Active of all connections, 0..1; 0 for an empty pool. */
  readonly utilization: number
}

export const poolMetrics = ({
  totalCount,
  idleCount,
  waitingCount,
}: {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
}): PoolMetrics => {
  const active = Math.max(0, totalCount - idleCount)
  return {
    total: totalCount,
    idle: idleCount,
    active,
    waiting: waitingCount,
    utilization: totalCount === 0 ? 0 : active / totalCount,
  }
}

const about: Readonly<Record<keyof PoolMetrics, string>> = {
  total: "Connections that are open.",
  idle: "Connections that wait for work.",
  active: "Connections at work.",
  waiting: "Requests that wait for a connection.",
  utilization: "Share of open connections that are at work.",
}

/** The same for Prometheus (text format 0.0.4). */
export const toPrometheus = (metrics: PoolMetrics): string =>
  Object.entries(about)
    .flatMap(([name, help]) => {
      const metric = `voltgate_postgres_pool_${name}`
      const value = Object.entries(metrics).find(([key]) => key === name)?.[1] ?? 0
      return [`# HELP ${metric} ${help}`, `# TYPE ${metric} gauge`, `${metric} ${value}`]
    })
    .join("\n")
    .concat("\n")
