import * as v from "valibot"
import { type Wire, wires } from "./wire.ts"

export const faults = [
  "none",
  "down",
  "error500",
  "overloaded",
  "rate_limited",
  "unauthorized",
  "bad_request",
  "hang",
  "slow",
  "drip",
  "garbage",
  "cut",
  "stall",
] as const
/**
 * What can be wrong with a provider: the connection is reset (`down`), it refuses (`error500`, `overloaded`,
 * `rate_limited`, `unauthorized`, `bad_request`), never answers (`hang`), takes ten times as long (`slow`), brings a word
 * at a time and never two within a third of a second (`drip`), answers with what is neither
 * JSON nor events (`garbage`), breaks off (`cut`) or falls silent (`stall`) in the middle of the answer.
 */
export type Fault = (typeof faults)[number]

export const slowFactor = 10
export const dripMs = 300

export interface FaultSetting {
  readonly fault: Fault
  /** The share of requests that it strikes, 0 to 1. */
  readonly rate: number
  /** What a refusal asks the caller to wait, in seconds. */
  readonly retryAfterS: number
  /** How much of a stream arrives before `cut` or `stall`. */
  readonly afterTokens: number
  /** What every answer says, in place of a description of what arrived. */
  readonly answer?: string
}

export type Control = Readonly<Record<Wire, FaultSetting>>
export type ControlChange = { readonly [wire in Wire]?: Partial<FaultSetting> & Pick<FaultSetting, "fault"> }

const healthy: FaultSetting = { fault: "none", rate: 1, retryAfterS: 2, afterTokens: 5 }
export const allHealthy: Control = { openai: healthy, anthropic: healthy, google: healthy }

const setting = v.strictObject({
  fault: v.picklist(faults),
  rate: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  retryAfterS: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(86_400))),
  afterTokens: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  answer: v.exactOptional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(8_000))),
})

export const ControlChange: v.GenericSchema<unknown, ControlChange> = v.strictObject({
  openai: v.exactOptional(setting),
  anthropic: v.exactOptional(setting),
  google: v.exactOptional(setting),
})

/** The providers that are named get the setting as given, with defaults for what it leaves out; the others stay. */
export const applyChange = (control: Control, change: ControlChange): Control => {
  const after = (wire: Wire): FaultSetting =>
    change[wire] === undefined ? control[wire] : { ...healthy, ...change[wire] }
  return { openai: after("openai"), anthropic: after("anthropic"), google: after("google") }
}

/** Whether this request is struck. */
export const drawFault = ({ fault, rate }: FaultSetting, random: () => number): Fault =>
  random() < rate ? fault : "none"

/** What a control request got wrong, every problem with its place and the cure. */
export const controlProblems = (issues: readonly v.BaseIssue<unknown>[]): readonly string[] =>
  issues.map((issue) => `${v.getDotPath(issue) ?? "body"}: ${issue.message}`)

export const controlHelp = `Send JSON such as {"openai":{"fault":"rate_limited","rate":0.5,"retryAfterS":3}}. Providers: ${wires.join(", ")}. Faults: ${faults.join(", ")}.`
