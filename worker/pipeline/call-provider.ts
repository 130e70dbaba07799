import type { AttemptRecord } from "../../contract/record.ts"
import type { Observation } from "../../contract/provider-board.ts"
import type { Gateway } from "../gateway.ts"
import { ProviderFailure } from "../providers/provider.ts"
import type { AnswerEvent } from "../providers/provider.ts"
import { withTimeouts } from "../providers/with-timeouts.ts"
import { modelId } from "../routing/model-ref.ts"
import type { Answering, Prepared } from "./stages.ts"

/** While a request waits, its isolate goes on telling the others that it does (the gauge's lease is 5 s). */
const beatMs = 2_000

/**
 * Asks the candidate and waits for its first event, or for all of them where the client wants the answer in one piece.
 * Rejects with a ProviderFailure while another candidate can still take over; after that, failures come through `events`.
 */
export const callProvider = async (
  prepared: Prepared,
  earlier: readonly AttemptRecord[],
  { ports, settings }: Pick<Gateway, "ports" | "settings">,
): Promise<Answering> => {
  const { question, provider, candidate, prompt } = prepared
  const startedAt = ports.now()
  const flight = trackFlight(prepared, ports)
  const events = withTimeouts(
    (signal) => provider.ask(candidate.model, prompt, signal),
    settings.timeouts,
    question.signal,
  )[Symbol.asyncIterator]()
  try {
    const first = await events.next()
    if (first.done === true) throw new ProviderFailure("garbage", "The provider ended its answer before it began.")
    const firstTokenMs = ports.now() - startedAt
    const attempt: AttemptRecord = {
      provider: candidate.provider,
      model: candidate.model,
      outcome: "answered",
      firstTokenMs,
      durationMs: firstTokenMs,
    }
    const answering: Answering = {
      ...prepared,
      attempts: [...earlier, attempt],
      firstTokenMs,
      events: watched(first.value, events, flight, { startedAt, firstTokenMs, now: ports.now }),
    }
    return question.stream ? answering : await completeAnswer(answering)
  } catch (error) {
    flight.failed(error)
    throw error
  }
}

interface Flight {
  readonly succeeded: (responseTimeMs: number, firstTokenMs: number) => void
  readonly failed: (error: unknown) => void
  readonly abandoned: () => void
}

/** Counts the request in flight, and reports how it went; the first word counts. */
const trackFlight = ({ candidate }: Prepared, ports: Gateway["ports"]): Flight => {
  const id = modelId(candidate)
  const flight = ports.board.began(id)
  const beat = setInterval(() => ports.background(ports.board.sync(ports.now())), beatMs)
  let ended = false
  const end = (observation: Observation | undefined): void => {
    if (ended) return
    ended = true
    clearInterval(beat)
    flight.ended(observation)
    ports.background(ports.board.sync(ports.now()))
  }
  return {
    succeeded: (responseTimeMs, firstTokenMs) =>
      end({ candidate: id, ok: true, responseTimeMs, firstTokenMs, at: ports.now() }),
    failed: (error) => end(observationOf(id, error, ports.now())),
    abandoned: () => end(undefined),
  }
}

/** What a failure says about the provider: nothing, if the caller was at fault or left. */
export const observationOf = (candidate: string, error: unknown, at: number): Observation | undefined => {
  if (!(error instanceof ProviderFailure)) return undefined
  switch (error.kind) {
    case "caller_fault":
    case "client_left":
    case "image_not_accepted":
      return undefined
    case "rate_limited":
    case "overloaded":
      return { candidate, ok: false, restMs: Math.min(error.retryAfterMs ?? 2_000, 300_000), at }
    case "server_error":
    case "unauthorized":
    case "network":
    case "first_byte_timeout":
    case "idle_timeout":
    case "total_timeout":
    case "garbage":
    case "cut_off":
      return { candidate, ok: false, at }
  }
}

/** The whole stream, with how it ended told to the board, whichever way that is. */
async function* watched(
  first: AnswerEvent,
  rest: AsyncIterator<AnswerEvent>,
  flight: Flight,
  { startedAt, firstTokenMs, now }: { startedAt: number; firstTokenMs: number; now: () => number },
): AsyncGenerator<AnswerEvent> {
  try {
    for (let event = first; ; event = await nextOf(rest)) {
      if (event.type === "end") flight.succeeded(now() - startedAt, firstTokenMs)
      yield event
      if (event.type === "end") return
    }
  } catch (error) {
    flight.failed(error)
    throw error
  } finally {
    flight.abandoned()
    await rest.return?.()
  }
}

const nextOf = async (events: AsyncIterator<AnswerEvent>): Promise<AnswerEvent> => {
  const next = await events.next()
  if (next.done === true) throw new ProviderFailure("cut_off", "The answer broke off before its end.")
  return next.value
}

const completeAnswer = async (answering: Answering): Promise<Answering> => ({
  ...answering,
  events: replay(await Array.fromAsync(answering.events)),
})

async function* replay(events: readonly AnswerEvent[]): AsyncGenerator<AnswerEvent> {
  yield* events
}
