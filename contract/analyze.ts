import * as v from "valibot"
import type { ErrorBody } from "./error-code.ts"
import { howFields, sizeFitsMode, sizeFitsModeOrElse } from "./mode.ts"
import type { How } from "./mode.ts"
import type { RequestRecord } from "./record.ts"

export const maxImages = 16
export const maxQueryLength = 32_000

export const details = ["auto", "low", "high", "original"] as const
/** How much of a picture the model should see, in the words of the providers. */
export type Detail = (typeof details)[number]

const integer = (from: number, to: number) => v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to))
const shortText = v.pipe(v.string(), v.nonEmpty(), v.maxLength(200))

/** The body of `POST /v1/analyze` and `POST /v1/optimize`, with its defaults filled in. */
export interface AnalyzeRequest extends How {
  /** The question about the pictures. */
  readonly query: string
  /** One of the known query types; an unknown one is answered as `general` with a notice. */
  readonly queryType: string
  /** 1 to 16 pictures, in order: a data URL, plain base64, or an https URL. */
  readonly images: readonly string[]
  /** `auto` lets the gateway choose; `provider/model` or a model's name pins one. */
  readonly model: string
  /** Names of the only providers that may answer. */
  readonly providers?: readonly string[]
  readonly detail: Detail
  readonly maxOutputTokens?: number
  readonly temperature?: number
  /** The language to answer in, e.g. `de` or `German`. */
  readonly language?: string
  readonly stream: boolean
}

export const AnalyzeRequest: v.GenericSchema<unknown, AnalyzeRequest> = v.pipe(
  v.strictObject({
    query: v.pipe(v.string(), v.trim(), v.nonEmpty("Ask a question."), v.maxLength(maxQueryLength)),
    queryType: v.optional(shortText, "general"),
    images: v.pipe(
      v.array(v.pipe(v.string(), v.nonEmpty())),
      v.minLength(1, "Send at least one picture: a data URL, base64, or an https URL."),
      v.maxLength(maxImages, `Send at most ${maxImages} pictures.`),
    ),
    model: v.optional(shortText, "auto"),
    providers: v.exactOptional(v.pipe(v.array(shortText), v.minLength(1))),
    detail: v.optional(v.picklist(details), "auto"),
    maxOutputTokens: v.exactOptional(integer(1, 128_000)),
    temperature: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
    language: v.exactOptional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(40))),
    ...howFields,
    stream: v.optional(v.boolean(), false),
  }),
  v.check((request) => sizeFitsMode(request), sizeFitsModeOrElse),
)

export type FinishReason = "stop" | "length" | "refusal" | "tool_use"

/** Tokens that the provider says it counted. */
export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
  /** The part of `inputTokens` that came from the provider's own prompt cache. */
  readonly cachedInputTokens: number
}

/** The answer to `POST /v1/analyze`. */
export interface AnalyzeResponse {
  readonly id: string
  readonly answer: string
  /** The parsed answer where the query type asks for JSON and the model kept to it; absent otherwise. */
  readonly structured?: unknown
  readonly queryType: string
  readonly provider: string
  readonly model: string
  readonly finishReason: FinishReason
  readonly usage: Usage
  readonly record: RequestRecord
}

/** The server-sent events of a streamed analysis, by event name. */
export type AnalyzeStreamEvent =
  | { readonly event: "delta"; readonly data: { readonly text: string } }
  | { readonly event: "done"; readonly data: AnalyzeResponse }
  | { readonly event: "error"; readonly data: ErrorBody }
