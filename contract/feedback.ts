import * as v from "valibot"

/** The body of `POST /v1/feedback`. */
export interface FeedbackRequest {
  /** The `id` of an answer, also in its header `x-voltgate-request-id`. */
  readonly requestId: string
  /** 0 for wrong, 1 for right. */
  readonly score: number
}

const Body = v.strictObject({
  requestId: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, "Give the id of an answer, as it came in `id`.")),
  score: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  right: v.exactOptional(v.boolean()),
})

export const FeedbackRequest: v.GenericSchema<unknown, FeedbackRequest> = v.pipe(
  Body,
  v.check(
    ({ score, right }) => (score === undefined) !== (right === undefined),
    "Say either `right` (true or false) or `score` (0 to 1).",
  ),
  v.transform(({ requestId, score, right }) => ({ requestId, score: score ?? Number(right) })),
)

export interface FeedbackResponse {
  readonly requestId: string
  readonly score: number
  /** `unchanged` where the same was said before: it counts once. */
  readonly state: "counted" | "replaced" | "unchanged"
  /** Whose accuracy it counts for, as `provider/model`; nobody's where a near question's answer was served. */
  readonly candidates: readonly string[]
  /** Whether the answer was taken out of the cache, with all other wordings that led to it. */
  readonly quarantined: boolean
}
