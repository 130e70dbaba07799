import * as v from "valibot"

/** What people tell the router to do about a provider, or one of its models. */

export const actions = ["drain", "pin", "release", "reset"] as const
/**
 * `drain`: it is asked nothing more. `pin`: it is asked first, whatever its weight. `release` ends both. `reset`: what is
 * known of its health and speed is forgotten; ratings stay.
 */
export type Action = (typeof actions)[number]

export const longestDirectiveS: number = 30 * 86_400
export const usualDirectiveS = 600
export const directiveLimits: { readonly standing: number; readonly audit: number } = { standing: 50, audit: 200 }

/** A provider's name, or `provider/model`. */
const Target: v.GenericSchema<string, string> = v.pipe(
  v.string(),
  v.regex(/^[\w.-]{1,64}(?:\/[^\s]{1,130})?$/, "Name a provider, or provider/model."),
)

/** The body of `POST /v1/providers`. */
export interface DirectiveRequest {
  readonly action: Action
  readonly target: string
  /** How long a drain or a pin lasts. */
  readonly forS: number
  readonly reason?: string
}

export const DirectiveRequest: v.GenericSchema<unknown, DirectiveRequest> = v.strictObject({
  action: v.picklist(actions, `Give one of: ${actions.join(", ")}.`),
  target: Target,
  forS: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(longestDirectiveS)), usualDirectiveS),
  reason: v.exactOptional(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200))),
})

/** A drain or a pin that holds. */
export interface Directive {
  readonly action: "drain" | "pin"
  readonly target: string
  /** Milliseconds since the epoch. */
  readonly until: number
  /** Whose key it was, and which. */
  readonly by: string
  readonly reason?: string
}

/** What somebody did, for those who ask later. */
export interface AuditEntry {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly by: string
  readonly action: Action
  readonly target: string
  readonly forS?: number
  readonly reason?: string
}

/** An order as it is given to whoever keeps them. */
export interface Order extends DirectiveRequest {
  readonly by: string
}

export const Order: v.GenericSchema<unknown, Order> = v.pipe(
  v.strictObject({
    action: v.picklist(actions),
    target: Target,
    forS: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(longestDirectiveS)),
    reason: v.exactOptional(v.pipe(v.string(), v.maxLength(200))),
    by: v.pipe(v.string(), v.nonEmpty(), v.maxLength(100)),
  }),
)

/** All orders that hold, and the last that were given, the newest first. */
export interface Directives {
  readonly standing: readonly Directive[]
  readonly audit: readonly AuditEntry[]
}

const ms = v.pipe(v.number(), v.finite())

export const StoredDirectives: v.GenericSchema<unknown, Directives> = v.strictObject({
  standing: v.array(
    v.strictObject({
      action: v.picklist(["drain", "pin"]),
      target: v.string(),
      until: ms,
      by: v.string(),
      reason: v.exactOptional(v.string()),
    }),
  ),
  audit: v.array(
    v.strictObject({
      at: ms,
      by: v.string(),
      action: v.picklist(actions),
      target: v.string(),
      forS: v.exactOptional(v.number()),
      reason: v.exactOptional(v.string()),
    }),
  ),
})
