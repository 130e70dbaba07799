import { directiveLimits } from "../../contract/directives.ts"
import type { AuditEntry, Directive, Directives, Order } from "../../contract/directives.ts"
import type { CandidateRecord } from "../../contract/record.ts"
import { modelId } from "./model-ref.ts"
import type { ModelRef } from "./model-ref.ts"

export const noDirectives: Directives = { standing: [], audit: [] }

/**
 * The directives after one more order. The newest counts: an order about a target replaces earlier ones about it, and one
 * about a provider those about its models as well. Of too many, the oldest go.
 */
export const afterOrder = ({ standing, audit }: Directives, order: Order, now: number): Directives => {
  const { action, target, by, forS, reason } = order
  const said = reason === undefined ? {} : { reason }
  const lasts = action === "drain" || action === "pin"
  const entry: AuditEntry = { at: now, by, action, target, ...(lasts ? { forS } : {}), ...said }
  const holding = standing.filter(({ until }) => until > now)
  const others = action === "reset" ? holding : holding.filter((each) => !isAbout(target, each.target))
  const added: readonly Directive[] = lasts ? [{ action, target, until: now + forS * 1000, by, ...said }] : []
  return {
    standing: [...others, ...added].slice(-directiveLimits.standing),
    audit: [entry, ...audit].slice(0, directiveLimits.audit),
  }
}

/** Whether an order about a target is about this candidate: it names the provider, or the very model. */
export const isAbout = (target: string, candidateId: string): boolean =>
  target === candidateId || (!target.includes("/") && candidateId.startsWith(`${target}/`))

/** The order that holds for a candidate: one about the model before one about its provider. */
export const directiveFor = (
  standing: readonly Directive[] | undefined,
  candidate: ModelRef,
  now: number,
): Directive | undefined => {
  const holding = standing?.filter(({ target, until }) => until > now && isAbout(target, modelId(candidate))) ?? []
  return holding.find(({ target }) => target === modelId(candidate)) ?? holding[0]
}

/** Why, and for how long: `drained by acme (3fa9c2d1) for 540 s more: key rotation` */
export const directiveNote = ({ action, until, by, reason }: Directive, now: number): string =>
  `${action === "drain" ? "drained" : "pinned"} by ${by} for ${Math.ceil((until - now) / 1000)} s more${reason === undefined ? "" : `: ${reason}`}`

/**
 * The candidates as people ordered: those that are pinned first, whatever they weigh; those that are drained last, and
 * marked so that nobody asks them.
 */
export const underDirectives = (
  ranked: readonly CandidateRecord[],
  standing: readonly Directive[],
  now: number,
): readonly CandidateRecord[] => {
  if (standing.length === 0) return ranked
  const marked = ranked.map((candidate) => {
    const directive = directiveFor(standing, candidate, now)
    return {
      candidate: directive === undefined ? candidate : mark(candidate, directive, now),
      action: directive?.action,
    }
  })
  const withAction = (action: Directive["action"] | undefined): readonly CandidateRecord[] =>
    marked.filter((each) => each.action === action).map(({ candidate }) => candidate)
  return [...withAction("pin"), ...withAction(undefined), ...withAction("drain")]
}

const mark = (candidate: CandidateRecord, directive: Directive, now: number): CandidateRecord => {
  const note = directiveNote(directive, now)
  return directive.action === "drain"
    ? { ...candidate, standing: "drained", note }
    : { ...candidate, note: `${note}; ${candidate.note}` }
}

/** All but what is known of the candidates that the target names. */
export const withoutTarget = <T>(
  candidates: Readonly<Record<string, T>>,
  target: string,
): Readonly<Record<string, T>> => Object.fromEntries(Object.entries(candidates).filter(([id]) => !isAbout(target, id)))

export const notDrained = <T extends ModelRef>(
  candidates: readonly T[],
  standing: readonly Directive[],
  now: number,
): readonly T[] =>
  standing.length === 0
    ? candidates
    : candidates.filter((candidate) => directiveFor(standing, candidate, now)?.action !== "drain")
