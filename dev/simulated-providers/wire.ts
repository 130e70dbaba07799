import type { IncomingHttpHeaders } from "node:http"

export const wires = ["openai", "anthropic", "google"] as const
/** The three formats that are simulated, by the company that made them. */
export type Wire = (typeof wires)[number]

export interface JsonSchema {
  readonly [key: string]: unknown
}

/** A picture as it arrived, with what its model charges for it. */
export interface SeenPicture {
  readonly format: string
  readonly widthPx: number
  readonly heightPx: number
  readonly sizeBytes: number
  readonly tokens: number
  readonly sha256: string
}

/** A request in no provider's format: all that an answer depends on, and how it is to be sent. */
export interface Asked {
  readonly model: string
  readonly stream: boolean
  /** OpenAI sends usage at the end of a stream only when asked to; the others always do. */
  readonly usageInStream: boolean
  readonly system: string
  /** Every other text of the conversation, in order. */
  readonly texts: readonly string[]
  /** The last text of the user. */
  readonly question: string
  readonly pictures: readonly SeenPicture[]
  readonly maxOutputTokens?: number
  readonly stop: readonly string[]
  /** The answer must be JSON that obeys this. */
  readonly schema?: JsonSchema
}

export interface Answer {
  readonly asked: Asked
  /** 24 hexadecimal digits, the same for the same question. */
  readonly seed: string
  readonly text: string
  readonly finish: "stop" | "length" | "stop_sequence"
  readonly stopSequence?: string
  readonly inputTokens: number
  /** The part of `inputTokens` that the pictures cost. */
  readonly pictureTokens: number
  readonly outputTokens: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** A "no", with the words that the provider's format needs. */
export interface Refusal {
  readonly status: number
  /** The error's type, or Google's status word. */
  readonly type: string
  readonly message: string
  readonly code?: string
  readonly param?: string
  readonly details?: readonly object[]
  readonly retryAfterS?: number
}

export type Read = { readonly asked: Asked } | { readonly refusal: Refusal }

/** Requests and tokens that are left in the minute, as the headers tell it. */
export interface QuotaView {
  readonly limitRequests: number
  readonly remainingRequests: number
  readonly resetRequestsMs: number
  readonly limitTokens: number
  readonly remainingTokens: number
  readonly resetTokensMs: number
}

/** What every reply of a provider carries in its headers. */
export interface ReplyFacts {
  readonly requestId: string
  readonly processingMs: number
  readonly quota: QuotaView
  readonly now: number
  readonly retryAfterS?: number
}

/** One event of a stream, ready to be written; `tokens` is how much of the answer it brings. */
export interface Frame {
  readonly data: string
  readonly tokens: number
}

export type Endpoint =
  | { readonly kind: "models" }
  | { readonly kind: "generate"; readonly model?: string; readonly stream?: boolean; readonly sse: boolean }

/** Failures that are switched on by hand, as each provider words them. */
export type FailureKind = "error500" | "overloaded" | "rate_limited" | "unauthorized"

export type Headers = Readonly<Record<string, string>>

/** One provider's format: how it reads a request, and how it words an answer or a refusal. */
export interface WireFormat {
  readonly wire: Wire
  readonly maxBodyBytes: number
  /** What a path below the provider's own prefix means; undefined when it has no such endpoint. */
  readonly endpoint: (method: string, path: string, query: URLSearchParams) => Endpoint | undefined
  /** Undefined when the key is right. */
  readonly checkKey: (headers: IncomingHttpHeaders, query: URLSearchParams, apiKey: string) => Refusal | undefined
  readonly read: (
    body: unknown,
    endpoint: Extract<Endpoint, { kind: "generate" }>,
    headers: IncomingHttpHeaders,
  ) => Promise<Read>
  readonly failure: (kind: FailureKind, retryAfterS: number) => Refusal
  readonly notJson: Refusal
  readonly bodyTooLarge: Refusal
  readonly unknownEndpoint: (method: string, path: string) => Refusal
  readonly headers: (facts: ReplyFacts) => Headers
  readonly refusalBody: (refusal: Refusal, requestId: string) => object
  readonly models: (createdS: number) => object
  readonly whole: (answer: Answer) => object
  readonly frames: (answer: Answer, pieces: readonly Frame[], sse: boolean) => readonly Frame[]
}
