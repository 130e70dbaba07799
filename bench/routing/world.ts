import type { Agenda } from "./agenda.ts"
import { candidates } from "./candidates.ts"
import { normalFrom, uniform } from "./chance.ts"
import type { SimulatedRequest } from "./requests.ts"
import type { Effect, Scenario } from "./scenarios.ts"

/** How an attempt goes, as the one who asked sees it. */
export type Refused = { readonly kind: "failed" } | { readonly kind: "refused"; readonly restMs?: number }
export interface Listener {
  readonly firstToken: (quotaLeft: number) => void
  readonly ended: () => void
  readonly refused: (how: Refused) => void
}

/** A candidate as it really is at this moment; only the world and the oracle know. */
export interface Truth {
  readonly failingShare: number
  readonly hangingShare: number
  readonly firstTokenMs: number
  readonly perTokenMs: number
  readonly accuracy: readonly number[]
  readonly busy: number
  readonly waiting: number
  readonly slots: number
  /** Requests that its rate limit still allows now. */
  readonly allowance: number
}

export interface World {
  /** Sends a request; the function returned takes it back. */
  readonly send: (candidate: number, request: SimulatedRequest, attempt: number, listener: Listener) => () => void
  readonly truthOf: (candidate: number) => Truth
  readonly exists: (candidate: number) => boolean
}

const failsAfterMs = 80
const refusesAfterMs = 50
const tailShare = 0.045
const tailShape = 1.3
const longestTail = 20

interface Work {
  readonly start: () => void
  done: boolean
}

/** The providers: slots, queues, token buckets, and what the scenario does to them. */
export const createWorld = (agenda: Agenda, scenario: Scenario, seed: number): World => {
  const servers = candidates.map(({ burst }) => ({ busy: 0, queue: [] as Work[], tokens: burst, filledAt: 0 }))
  const effectsOn = candidates.map((_, index) => scenario.effects.filter((effect) => effect.candidates.includes(index)))
  const serverOf = (candidate: number) => {
    const server = servers[candidate]
    if (server === undefined) throw new RangeError(`There is no candidate ${candidate}.`)
    return server
  }

  const truthOf = (candidate: number): Truth => {
    const traits = candidates[candidate]
    if (traits === undefined) throw new RangeError(`There is no candidate ${candidate}.`)
    const server = serverOf(candidate)
    const now = agenda.now()
    let { failingShare, firstTokenMs, perTokenMs, accuracy, ratePerS } = traits
    let hangingShare = 0
    for (const effect of effectsOn[candidate] ?? []) {
      if (!isInForce(effect, now / 1000)) continue
      failingShare = Math.max(failingShare, effect.failingShare ?? 0)
      hangingShare = Math.max(hangingShare, effect.hangingShare ?? 0)
      firstTokenMs *= effect.firstTokenFactor ?? 1
      perTokenMs *= effect.perTokenFactor ?? 1
      ratePerS *= effect.rateFactor ?? 1
      const change = effect.accuracyChange
      if (change !== undefined) accuracy = accuracy.map((share) => share + change)
    }
    server.tokens = Math.min(ratePerS * 3, server.tokens + ((now - server.filledAt) / 1000) * ratePerS)
    server.filledAt = now
    const { busy, tokens } = server
    return {
      failingShare,
      hangingShare,
      firstTokenMs,
      perTokenMs,
      accuracy,
      busy,
      waiting: server.queue.length,
      slots: traits.slots,
      allowance: tokens,
    }
  }

  const next = (candidate: number): void => {
    const server = serverOf(candidate)
    server.busy--
    for (let work = server.queue.shift(); work !== undefined; work = server.queue.shift()) {
      if (work.done) continue
      work.start()
      return
    }
  }

  const send: World["send"] = (candidate, request, attempt, listener) => {
    const server = serverOf(candidate)
    const truth = truthOf(candidate)
    const luck = (purpose: number): number => uniform(seed + 7_919 * (candidate + 1), request.index, attempt, purpose)
    let left = false
    const later = (ms: number, happen: () => void): void =>
      agenda.at(agenda.now() + ms, () => {
        if (!left) happen()
      })
    if (truth.allowance < 1) {
      const restMs = 1_000
      later(refusesAfterMs, () => listener.refused({ kind: "refused", restMs }))
      return () => void (left = true)
    }
    server.tokens--
    if (luck(1) < truth.hangingShare) return () => void (left = true)
    if (luck(2) < truth.failingShare) {
      later(failsAfterMs, () => listener.refused({ kind: "failed" }))
      return () => void (left = true)
    }
    const traits = candidates[candidate]
    if (truth.busy >= truth.slots && truth.waiting >= (traits?.queue ?? 0)) {
      later(refusesAfterMs, () => listener.refused({ kind: "refused" }))
      return () => void (left = true)
    }
    const tail = luck(3) < tailShare ? Math.min(longestTail, (1 - luck(4)) ** (-1 / tailShape)) : 1
    const sigma = traits?.sigma ?? 0.5
    const firstTokenMs = truth.firstTokenMs * Math.exp(sigma * normalFrom(luck(5), luck(6))) * tail
    const quotaLeft = Math.max(0, server.tokens) / (traits?.burst ?? 1)
    const work: Work = {
      done: false,
      start: () => {
        server.busy++
        later(firstTokenMs, () => listener.firstToken(quotaLeft))
        later(firstTokenMs + request.outputTokens * truth.perTokenMs, () => {
          work.done = true
          next(candidate)
          listener.ended()
        })
        started = true
      },
    }
    let started = false
    if (truth.busy < truth.slots) work.start()
    else server.queue.push(work)
    return () => {
      if (left || work.done) return
      left = true
      work.done = true
      if (started) next(candidate)
    }
  }

  return { send, truthOf, exists: (index) => index < candidates.length - 1 || agenda.now() >= scenario.joinsAtS * 1000 }
}

export const isInForce = ({ fromS, toS, everyS }: Effect, nowS: number): boolean =>
  nowS >= fromS && nowS < toS && (everyS === undefined || Math.floor((nowS - fromS) / everyS) % 2 === 0)
