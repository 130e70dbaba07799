import { setTimeout as pause } from "node:timers/promises"

export interface Clock {
  readonly now: () => Date
  readonly sleep: (ms: number) => Promise<void>
}

export const systemClock: Clock = { now: () => new Date(), sleep: (ms) => pause(ms) }
