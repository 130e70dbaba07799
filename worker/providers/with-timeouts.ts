import { failureFromAbort } from "./failure.ts"
import { ProviderFailure } from "./provider.ts"
import type { AnswerEvent } from "./provider.ts"

export interface Timeouts {
  /** Until the first event. */
  readonly firstByteMs: number
  /** Between two events; time in which nobody asked for the next one does not count. */
  readonly idleMs: number
  /** From the first to the last event, however fast they come. */
  readonly totalMs: number
}

/** The part of the platform's timers that we use. */
export interface Timers {
  readonly start: (fire: () => void, afterMs: number) => { readonly clear: () => void }
}

const platformTimers: Timers = {
  start: (fire, afterMs) => {
    const id = setTimeout(fire, afterMs)
    return { clear: () => clearTimeout(id) }
  },
}

/**
 * An answer that comes in time or fails: with `first_byte_timeout`, `idle_timeout` or `total_timeout`, or, when `outer`
 * fires, with the failure that it was given, else `client_left`. The clock starts at the first `next`. Whatever ends the
 * attempt early also fires the signal that `ask` got; nothing here waits for a provider that does not settle.
 */
export const withTimeouts = (
  ask: (signal: AbortSignal) => AsyncIterable<AnswerEvent>,
  limits: Timeouts,
  outer: AbortSignal,
  timers: Timers = platformTimers,
): AsyncIterable<AnswerEvent> => ({ [Symbol.asyncIterator]: () => startAttempt(ask, limits, outer, timers) })

type Step = IteratorResult<AnswerEvent, undefined>

const done: Step = { done: true, value: undefined }

const startAttempt = (
  ask: (signal: AbortSignal) => AsyncIterable<AnswerEvent>,
  limits: Timeouts,
  outer: AbortSignal,
  timers: Timers,
): AsyncIterator<AnswerEvent, undefined> => {
  const upstream = new AbortController()
  // Settles when the attempt is ended from outside the provider; raced against every step of it.
  const ended = Promise.withResolvers<Step>()
  ended.promise.catch(() => undefined)
  let source: AsyncIterator<AnswerEvent> | undefined
  let total: ReturnType<Timers["start"]> | undefined
  let failure: ProviderFailure | undefined
  let over = false
  let waitsFor: "first_byte_timeout" | "idle_timeout" = "first_byte_timeout"

  const finish = (): void => {
    over = true
    total?.clear()
    outer.removeEventListener("abort", leave)
  }
  const fail = (reason: ProviderFailure): void => {
    if (over) return
    finish()
    failure = reason
    ended.reject(reason)
    upstream.abort(reason)
  }
  const leave = (): void => fail(failureFromAbort(outer))

  const start = (): AsyncIterator<AnswerEvent> => {
    outer.addEventListener("abort", leave, { once: true })
    total = timers.start(() => fail(tooSlow("total_timeout", limits)), limits.totalMs)
    return ask(upstream.signal)[Symbol.asyncIterator]()
  }

  const next = async (): Promise<Step> => {
    if (source === undefined && outer.aborted) leave()
    if (failure !== undefined) throw failure
    if (over) return done
    const silence = timers.start(() => fail(tooSlow(waitsFor, limits)), limitOf(waitsFor, limits))
    try {
      source ??= start()
      const step = await Promise.race([source.next(), ended.promise])
      waitsFor = "idle_timeout"
      if (step.done !== true) return step
      finish()
      return done
    } catch (thrown) {
      finish()
      throw thrown
    } finally {
      silence.clear()
    }
  }

  const stop = async (): Promise<Step> => {
    if (!over) {
      finish()
      ended.resolve(done)
      upstream.abort(new ProviderFailure("client_left", "The rest of the answer is not wanted."))
    }
    // Not awaited: a provider that hangs would hang its caller.
    source?.return?.().catch(() => undefined)
    return done
  }

  return { next, return: stop }
}

type TimeoutKind = "first_byte_timeout" | "idle_timeout" | "total_timeout"

const limitOf = (kind: TimeoutKind, { firstByteMs, idleMs, totalMs }: Timeouts): number =>
  ({ first_byte_timeout: firstByteMs, idle_timeout: idleMs, total_timeout: totalMs })[kind]

const whatWasSlow: Readonly<Record<TimeoutKind, string>> = {
  first_byte_timeout: "No answer began within",
  idle_timeout: "The answer stood still for",
  total_timeout: "The answer was not complete within",
}

const tooSlow = (kind: TimeoutKind, limits: Timeouts): ProviderFailure =>
  new ProviderFailure(kind, `${whatWasSlow[kind]} ${limitOf(kind, limits) / 1000} s.`)
