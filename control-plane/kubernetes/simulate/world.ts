/** What a simulated deployment is like. */
export interface World {
  /** Requests that a replica works on at once. */
  readonly slots: number
  /** Mean time of the work on a request. */
  readonly serviceS: number
  /** How unlike each other requests are: the standard deviation of the logarithm of their times. */
  readonly sigma: number
  /** A new replica takes from the least to the most of these until it works. */
  readonly startupS: { readonly least: number; readonly most: number }
  /** How long a replica that is taken away may finish what it has. */
  readonly graceS: number
  /** How often the metrics are measured, and how late they arrive. */
  readonly scrapeS: number
  readonly lagS: number
  /** A request that waits longer is late. */
  readonly waitS: number
}

/** A service that asks vision models: four requests at a time, three seconds each, a minute until a new replica works. */
export const usualWorld: World = {
  slots: 4,
  serviceS: 3,
  sigma: 0.6,
  startupS: { least: 45, most: 67 },
  graceS: 30,
  scrapeS: 15,
  lagS: 15,
  waitS: 2,
}
