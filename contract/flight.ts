import * as v from "valibot"
import type { FinishReason, Usage } from "./analyze.ts"

/** What requests with the same question tell each other through a Durable Object, so that only one of them asks a provider. */

/** The longest answer that is passed on, in characters; a hundred waiting requests hold as many copies of it. */
export const longestSharedAnswer = 262_144

/** A leader's whole answer. Errors, and answers that the cache would not keep, are never shared. */
export interface SharedAnswer {
  readonly answer: string
  readonly provider: string
  readonly model: string
  readonly finishReason: FinishReason
  /** What the leader's request cost; those who share it pay nothing. */
  readonly usage: Usage
  readonly costUsd: number
  readonly imageTokens: number
  /** How long the leader expected to wait. */
  readonly estimatedMs: number
}

/** Why a leader has nothing to share: it failed, its client left, or its answer is not one to keep or too long. */
export const emptyLandings = ["failed", "left", "not_shareable"] as const
export type EmptyLanding = (typeof emptyLandings)[number]

/** Why a request asks a provider by itself although others ask the same; shown in its record. */
export type AloneReason =
  | "flight_unavailable"
  | "flight_crowded"
  | "flight_wait_over"
  | "flight_failing"
  | "flight_answer_not_shareable"

const count = v.pipe(v.number(), v.finite(), v.minValue(0))

export const SharedAnswer: v.GenericSchema<unknown, SharedAnswer> = v.strictObject({
  answer: v.pipe(v.string(), v.nonEmpty(), v.maxLength(longestSharedAnswer)),
  provider: v.string(),
  model: v.string(),
  finishReason: v.picklist(["stop", "length", "refusal", "tool_use"]),
  usage: v.strictObject({ inputTokens: count, outputTokens: count, cachedInputTokens: count }),
  costUsd: count,
  imageTokens: count,
  estimatedMs: count,
})
