import type { Agenda } from "./agenda.ts"
import type { SimulatedRequest } from "./requests.ts"
import type { World } from "./world.ts"

/** What a request came to. */
export interface Outcome {
  readonly request: SimulatedRequest
  readonly answered: boolean
  readonly candidate?: number
  readonly firstTokenMs?: number
  readonly totalMs: number
  /** 1 − requests in service ÷ slots of the candidate that answered, when it was asked. */
  readonly room?: number
  readonly right: boolean
  /** What the policy stated as the time that nine in ten answers like this do not exceed. */
  readonly statedP90Ms?: number
}

/** One attempt, for the statistics; `extra` where another one was under way for the same request. */
export interface Sent {
  readonly at: number
  readonly candidate: number
  readonly isExtra: boolean
  /** The request's first attempt. */
  readonly isFirst: boolean
}

/** What a run gives a policy to work with. */
export interface Surroundings {
  readonly agenda: Agenda
  readonly world: World
  readonly seed: number
  readonly random: () => number
  readonly noteSent: (candidate: number, how: Pick<Sent, "isExtra" | "isFirst">) => void
}

/** A policy at work in all isolates of one run. */
export interface Routing {
  /** Finds an answer for the request; tells once what came of it. */
  readonly handle: (
    request: SimulatedRequest,
    finish: (outcome: Omit<Outcome, "request" | "right" | "totalMs">) => void,
  ) => void
  /** This isolate tells its news and hears the others'. */
  readonly sync: (isolate: number) => void
  readonly rated: (isolate: number, candidate: number, type: number, isRight: boolean) => void
}

export interface Policy {
  readonly name: string
  readonly start: (surroundings: Surroundings) => Routing
}

export const firstTokenTimeoutMs = 30_000
