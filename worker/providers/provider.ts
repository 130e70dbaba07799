import type { Detail, FinishReason, Usage } from "../../contract/analyze.ts"
import type { AttemptFailure } from "../../contract/record.ts"
import type { SentImage } from "../images/image.ts"
import type { Quota } from "./quota.ts"

export type Wire = "openai" | "anthropic" | "google"

/** A part of a message; pictures are named by their place in `Prompt.images`. */
export type Part = { readonly type: "text"; readonly text: string } | { readonly type: "image"; readonly image: number }

export interface Turn {
  readonly role: "user" | "assistant"
  readonly parts: readonly Part[]
}

/** A prompt that is ready to send, in no provider's format. */
export interface Prompt {
  /** The stable part, first, so that the provider's own prompt cache can hit. Empty when there is none. */
  readonly system: string
  readonly turns: readonly Turn[]
  readonly images: readonly SentImage[]
  readonly detail: Detail
  /** A bound on the answer itself; a model that thinks is given room for that on top. */
  readonly maxOutputTokens?: number
  /** Left out for models that refuse it. */
  readonly temperature?: number
  readonly topP?: number
  readonly stop?: readonly string[]
  /** JSON Schema of the answer, for the provider's native structured output. */
  readonly schema?: { readonly name: string; readonly schema: JsonSchema }
}

export type JsonSchema = Readonly<Record<string, unknown>>

/** The end of an answer. Counts that the provider did not tell are 0. */
export interface AnswerEnd {
  readonly type: "end"
  readonly finishReason: FinishReason
  readonly usage: Usage
  readonly model?: string
  /** What the provider's headers said of its limits. */
  readonly quota?: Quota
}

/** What a provider says, in order: any number of `text`, then one `end`. */
export type AnswerEvent = { readonly type: "text"; readonly text: string } | AnswerEnd

/** One way to reach models. Every call streams upstream, so that a first token can be timed and a silent provider left in time. */
export interface Provider {
  readonly name: string
  readonly wire: Wire
  readonly simulated: boolean
  /** The models that it was told to serve; absent where it serves a whole family. */
  readonly models?: readonly string[]
  /**
   * Sends the prompt to `model`. The iterator throws a `ProviderFailure` for anything that goes wrong, and stops the
   * upstream request when `signal` fires or when it is returned early. Retries nothing: the pipeline owns retries.
   */
  readonly ask: (model: string, prompt: Prompt, signal: AbortSignal) => AsyncIterable<AnswerEvent>
  /** Where and with which headers a body in this provider's own format is sent as it is; absent where it takes none. */
  readonly relay?: { readonly url: string; readonly headers: Readonly<Record<string, string>> }
}

/** What every wire format needs in order to reach its provider. */
export interface ProviderOptions {
  readonly name: string
  readonly apiKey?: string
  /** As the provider's own SDK takes it; absent: the provider's public address. */
  readonly baseUrl?: string
  readonly simulated: boolean
  readonly models?: readonly string[]
  readonly fetch: typeof fetch
  /** Milliseconds since the epoch; tells how far off an HTTP date is. */
  readonly now?: () => number
}

/** An attempt that did not work, told apart by whose fault it was. The message never holds a key. */
export class ProviderFailure extends Error {
  override readonly name = "ProviderFailure"
  readonly kind: AttemptFailure
  readonly status?: number
  /** How long the provider asked to be left alone. */
  readonly retryAfterMs?: number

  constructor(
    kind: AttemptFailure,
    message: string,
    details: { status?: number; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = kind
    if (details.status !== undefined) this.status = details.status
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs
  }
}
