/** What a signal's numbers are: percent of what is requested, milliseconds, or a count of things. */
export type Unit = "percent" | "ms" | "count"

interface SourceBase {
  /** How often the source measures anew, in seconds: what is older than two of these and 30 s is not believed. */
  readonly scrapeS: number
  readonly unit: Unit
}

/** Where a number comes from. Addresses and passwords of stores come from the environment, by name. */
export type SignalSource =
  | (SourceBase & { readonly from: "metrics.k8s.io"; readonly resource: "cpu" | "memory" })
  | (SourceBase & { readonly from: "prometheus"; readonly url: string; readonly query: string })
  | (SourceBase & { readonly from: "external"; readonly metric: string; readonly selector?: string })
  | (SourceBase & { readonly from: "redis-list"; readonly key: string; readonly urlEnv: string })
  | (SourceBase & { readonly from: "postgres"; readonly query: string; readonly urlEnv: string })
  | (SourceBase & { readonly from: "gateway"; readonly value: "in-flight" | "p95"; readonly url: string })

export interface Signal {
  readonly source: SignalSource
  /** Asked where the first has nothing to say. */
  readonly fallback?: SignalSource
  /** No reading above it is believed. */
  readonly most: number
}

/** Above the target half as many again, below 0.7 of it a fifth fewer. */
export interface StepMode {
  readonly kind: "step"
  readonly signal: Signal
  readonly target: number
  /** Whether more replicas lower the number: true of utilization and of a queue, not of latency. */
  readonly shared: boolean
}

/** As a HorizontalPodAutoscaler of autoscaling/v2 does it. */
export interface TargetMode {
  readonly kind: "target"
  readonly signal: Signal
  readonly target: number
  /** `average`: the number is a mean over the replicas; `total`: it is the sum, and the target is a replica's share. */
  readonly measures: "average" | "total"
  /** Share of the target by which the number may be off before anything is done, 0..1. */
  readonly tolerance: number
}

/** As many replicas as keep the share of requests that wait too long within a budget. */
export interface BudgetMode {
  readonly kind: "budget"
  /** Requests a second, of all replicas together. */
  readonly rate: Signal
  /** Mean time that a replica works on a request, without waiting, in milliseconds. */
  readonly serviceTime: Signal
  /** Requests that are worked on or wait, of all replicas together: a queue shows here first. */
  readonly inFlight?: Signal
  /** Share of requests that waited too long, in percent; sizes are corrected by it where it is given. */
  readonly lateShare?: Signal
  /** Requests that a replica works on at once. */
  readonly slots: number
  readonly waitS: number
  /** Share of requests that may wait longer, 0..1. */
  readonly late: number
  /** How long a new replica takes until it works, in seconds. */
  readonly startupS: number
}

/** As many replicas as empty the queue in time. */
export interface QueueMode {
  readonly kind: "queue"
  readonly length: Signal
  /** Things that arrive a second. */
  readonly arrivals?: Signal
  /** Things that one replica works off a second. */
  readonly ratePerReplica: number
  readonly drainS: number
}

export type Mode = StepMode | TargetMode | BudgetMode | QueueMode

/** At most so many replicas more, or fewer, within a period; HPA v2's scaling policies. */
export interface RatePolicy {
  readonly kind: "pods" | "percent"
  readonly value: number
  readonly periodS: number
}

export interface DirectionRules {
  /** After a change up nothing goes up for so long; after any change nothing goes down for so long. */
  readonly cooldownS: number
  /** The most careful recommendation of so long counts. */
  readonly stabilizationS: number
  readonly rates: readonly RatePolicy[]
  /** Which of the rates counts; `disabled`: never in this direction. */
  readonly select: "max" | "min" | "disabled"
}

export interface Policy {
  readonly name: string
  readonly namespace: string
  readonly deployment: string
  readonly replicas: { readonly min: number; readonly max: number }
  readonly mode: Mode
  readonly up: DirectionRules
  readonly down: DirectionRules
  /** The most replicas that one change adds or takes. */
  readonly mostStep: number
  /** Changes within an hour, after which nothing is done for the rest of it, and people are told. */
  readonly actionsPerHour: number
  /** `observe`: decides and records, and writes nothing. A new policy begins so. */
  readonly write: "observe" | "act"
}

/** Every signal that a policy reads, by the name of its part. */
export const signalsOf = ({ mode }: Policy): Readonly<Record<string, Signal>> => {
  switch (mode.kind) {
    case "step":
    case "target":
      return { signal: mode.signal }
    case "budget":
      return {
        rate: mode.rate,
        serviceTime: mode.serviceTime,
        ...(mode.inFlight === undefined ? {} : { inFlight: mode.inFlight }),
        ...(mode.lateShare === undefined ? {} : { lateShare: mode.lateShare }),
      }
    case "queue":
      return { length: mode.length, ...(mode.arrivals === undefined ? {} : { arrivals: mode.arrivals }) }
  }
}
