import * as v from "valibot"

export const modes = ["single", "race", "consensus"] as const
/**
 * How many candidates work on an answer: one after the other until one answers; a second one too when the first is slow
 * to begin, and the first to begin wins; or several at once, and what they agree on is the answer.
 */
export type Mode = (typeof modes)[number]

/** How many candidates a consensus may ask, and how many it asks unless told. */
export const consensusSize: { readonly least: number; readonly most: number; readonly usual: number } = {
  least: 2,
  most: 5,
  usual: 3,
}
export const longestWaitMs = 60_000

/** How an answer is to be found. What is absent is as the gateway is set. */
export interface How {
  readonly mode?: Mode
  /** How many candidates a consensus asks. */
  readonly consensus?: number
  /** How long to wait for room when every candidate is full, before the request fails. */
  readonly maxWaitMs?: number
}

const integer = (from: number, to: number) => v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to))

export const howFields: {
  readonly mode: v.ExactOptionalSchema<v.GenericSchema<Mode>, undefined>
  readonly consensus: v.ExactOptionalSchema<v.GenericSchema<number>, undefined>
  readonly maxWaitMs: v.ExactOptionalSchema<v.GenericSchema<number>, undefined>
} = {
  mode: v.exactOptional(v.picklist(modes, `Give one of: ${modes.join(", ")}.`)),
  consensus: v.exactOptional(integer(consensusSize.least, consensusSize.most)),
  maxWaitMs: v.exactOptional(integer(0, longestWaitMs)),
}

/** Nobody means a number of candidates where only one answers. */
export const sizeFitsMode = ({ mode, consensus }: How): boolean => consensus === undefined || mode === "consensus"
export const sizeFitsModeOrElse = 'A number of candidates (`consensus`) goes with the mode "consensus" alone.'

export const How: v.GenericSchema<unknown, How> = v.pipe(
  v.strictObject(howFields),
  v.check(sizeFitsMode, sizeFitsModeOrElse),
)
