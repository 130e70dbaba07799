import * as v from "valibot"
import type { FinishReason, Usage } from "../../contract/analyze.ts"
import { failureFromAbort, failureFromResponse, failureFromThrown } from "./failure.ts"
import type { Asked } from "./failure.ts"
import { ProviderFailure } from "./provider.ts"
import type { AnswerEnd, AnswerEvent } from "./provider.ts"
import { readQuota } from "./quota.ts"
import { readServerSentEvents, SseTooLong } from "./sse.ts"
import type { ServerSentEvent } from "./sse.ts"

/** What one event of a provider's stream says. What comes later replaces what came before, text is added. */
export interface Finding {
  readonly text?: string
  readonly finishReason?: FinishReason
  readonly usage?: Partial<Usage>
  readonly model?: string
  /** The words are a refusal, whatever reason the end gives. */
  readonly refused?: boolean
  /** Nothing more comes, though the connection may stay open. */
  readonly done?: boolean
}

export interface Exchange {
  /** Sends the request. Rejects, or answers other than 2xx, where the provider failed. */
  readonly open: (signal: AbortSignal) => Promise<Response>
  /** Reads one event; throws `MalformedEvent` for what it cannot read, `ProviderFailure` for an error in the stream. */
  readonly read: (event: ServerSentEvent) => Finding
  /** An answer may stop without a word, for the caller gave stop sequences. */
  readonly mayBeEmpty: boolean
}

/** An event is not what the wire format says. */
export class MalformedEvent extends Error {
  override readonly name = "MalformedEvent"
}

/** The event's data as JSON of this shape. The data itself stays out of the error: it may hold the answer. */
export const readJson = <T>(schema: v.GenericSchema<unknown, T>, { data }: ServerSentEvent): T => {
  let json: unknown
  try {
    json = JSON.parse(data)
  } catch {
    throw new MalformedEvent("an event is not JSON")
  }
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return parsed.output
  throw new MalformedEvent(`an event is wrong at "${v.getDotPath(parsed.issues[0]) ?? ""}"`)
}

/**
 * One attempt as answer events. Throws a `ProviderFailure` for anything that goes wrong: after the first word it is
 * `cut_off`, whatever the cause, because no other candidate can take over then. Stops the upstream request when
 * `signal` fires, when it is returned early, and when it fails.
 */
export async function* streamAnswer(
  asked: Asked,
  exchange: Exchange,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  if (signal.aborted) throw failureFromAbort(signal)
  const upstream = new AbortController()
  const stop = (): void => upstream.abort(signal.reason)
  signal.addEventListener("abort", stop, { once: true })
  let progress: Progress = { length: 0, usage: {}, refused: false }
  try {
    const { body, headers } = await openAnswer(asked, exchange, upstream.signal)
    const quota = readQuota(headers, asked.now())
    for await (const event of readServerSentEvents(body, upstream.signal)) {
      const finding = exchange.read(event)
      progress = withFinding(progress, finding)
      if (finding.text !== undefined && finding.text !== "") yield { type: "text", text: finding.text }
      if (finding.done === true) break
    }
    if (signal.aborted) throw failureFromAbort(signal)
    yield { ...endOf(progress, exchange.mayBeEmpty), ...(quota === undefined ? {} : { quota }) }
  } catch (thrown) {
    throw signal.aborted ? failureFromAbort(signal) : asFailure(asked, thrown, progress)
  } finally {
    signal.removeEventListener("abort", stop)
    upstream.abort()
  }
}

interface Progress {
  /** Characters of the answer so far. */
  readonly length: number
  readonly finishReason?: FinishReason
  readonly usage: Partial<Usage>
  readonly model?: string
  readonly refused: boolean
}

const openAnswer = async (
  asked: Asked,
  { open }: Exchange,
  signal: AbortSignal,
): Promise<{ readonly body: ReadableStream<Uint8Array>; readonly headers: Headers }> => {
  const response = await open(signal)
  if (!response.ok) throw await failureFromResponse(asked, response)
  const type = response.headers.get("content-type")
  if (type !== null && !type.startsWith("text/event-stream"))
    throw new MalformedEvent(`it sent ${type}, not an event stream`)
  if (response.body === null) throw new MalformedEvent("it sent no body")
  return { body: response.body, headers: response.headers }
}

const withFinding = (
  progress: Progress,
  { text = "", finishReason, usage, model, refused = false }: Finding,
): Progress => ({
  ...progress,
  length: progress.length + text.length,
  refused: progress.refused || refused,
  usage: { ...progress.usage, ...usage },
  ...(finishReason === undefined ? {} : { finishReason }),
  ...(model === undefined ? {} : { model }),
})

const endOf = ({ length, finishReason, usage, model, refused }: Progress, mayBeEmpty: boolean): AnswerEnd => {
  if (finishReason === undefined) throw new MalformedEvent("it ended without saying why")
  if (length === 0 && finishReason === "stop" && !mayBeEmpty) throw new MalformedEvent("it ended without a word")
  if (length === 0 && finishReason === "length") {
    throw new MalformedEvent("all of maxOutputTokens went into thinking, none into the answer; allow more")
  }
  return {
    type: "end",
    finishReason: refused ? "refusal" : finishReason,
    usage: { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, ...usage },
    ...(model === undefined ? {} : { model }),
  }
}

const asFailure = (asked: Asked, thrown: unknown, { length }: Progress): ProviderFailure => {
  const unreadable = thrown instanceof MalformedEvent || thrown instanceof SseTooLong
  const failure = unreadable
    ? new ProviderFailure("garbage", `The answer cannot be read: ${thrown.message}.`)
    : failureFromThrown(asked, thrown)
  if (length === 0) return failure
  const { message, status } = failure
  return new ProviderFailure(
    "cut_off",
    `Cut off after ${length} characters. ${message}`,
    status === undefined ? {} : { status },
  )
}
