import type { AttemptRecord } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import { ProviderFailure } from "../providers/provider.ts"
import type { AnswerEvent } from "../providers/provider.ts"
import { withTimeouts } from "../providers/with-timeouts.ts"
import { costUsd, findModel } from "../providers/models.ts"
import { estimateInputTokens } from "./estimate-input-tokens.ts"
import type { Answering, Prepared } from "./stages.ts"
import { trackFlight } from "./track-flight.ts"
import type { TrackedFlight } from "./track-flight.ts"
import type { Attempt } from "./trying.ts"

/**
 * Asks the candidate and waits for its first event. Rejects with a ProviderFailure before that; after it, failures come
 * through `events`, which must be read or abandoned.
 */
export const callProvider = async (
  prepared: Prepared,
  { sent, dropped }: Pick<Attempt, "sent" | "dropped">,
  { ports, settings }: Pick<Gateway, "ports" | "settings">,
): Promise<Answering> => {
  const { question, provider, candidate, prompt } = prepared
  const startedAt = ports.now()
  const flight = trackFlight(prepared, ports)
  const events = withTimeouts(
    (signal) => provider.ask(candidate.model, prompt, signal),
    settings.timeouts,
    AbortSignal.any([question.signal, dropped]),
  )[Symbol.asyncIterator]()
  if (!dropped.aborted) sent(askingUsd(prepared))
  try {
    const first = await events.next()
    if (first.done === true) throw new ProviderFailure("garbage", "The provider ended its answer before it began.")
    const firstTokenMs = ports.now() - startedAt
    flight.began(firstTokenMs)
    const attempt: AttemptRecord = {
      provider: candidate.provider,
      model: candidate.model,
      outcome: "answered",
      firstTokenMs,
      durationMs: firstTokenMs,
    }
    return {
      ...prepared,
      attempt,
      firstTokenMs,
      events: watched(first.value, events, flight),
    }
  } catch (error) {
    flight.failed(error)
    throw error
  }
}

/** The whole stream, with how it ended told to the board, whichever way that is. */
async function* watched(
  first: AnswerEvent,
  rest: AsyncIterator<AnswerEvent>,
  flight: TrackedFlight,
): AsyncGenerator<AnswerEvent> {
  try {
    for (let event = first; ; event = await nextOf(rest)) {
      if (event.type === "end") flight.succeeded(event)
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

/**
 * The answer as it comes, for a client that wants it so; else the whole of it, so that it can still fail and another
 * candidate take over.
 */
export const settle = async (answering: Answering): Promise<Answering> =>
  answering.question.stream ? answering : { ...answering, events: replay(await readAll(answering)) }

/** All events of the answer; rejects where it breaks off. */
export const readAll = ({ question, events }: Answering): Promise<readonly AnswerEvent[]> =>
  question.watch.time("provider", () => Array.fromAsync(events))

/** Ends an answer that has begun and is not wanted, and its request to the provider. */
export const abandon = async ({ events }: Answering): Promise<void> => {
  try {
    // One event is read because a generator that never ran has nothing to end.
    for await (const _ of events) break
  } catch {
    // It had failed already, or was stopped: there is nothing left to end.
  }
}

/** What asking costs if the provider reads all of the question and says nothing. */
const askingUsd = ({ candidate, prompt, imageRecords }: Prepared): number => {
  const price = findModel(candidate)
  const inputTokens = estimateInputTokens(prompt, imageRecords)
  return price === undefined ? 0 : costUsd(price, { inputTokens, outputTokens: 0, cachedInputTokens: 0 })
}

export async function* replay(events: readonly AnswerEvent[]): AsyncGenerator<AnswerEvent> {
  yield* events
}
