import { groupLimit } from "../ports/answer-cache.ts"
import type { AnswerToKeep, CacheAddress, CachedAnswer } from "../ports/answer-cache.ts"
import { stands } from "./epochs.ts"
import type { Epoch, Epochs } from "./epochs.ts"
import type { NearEntry } from "./near/near-entry.ts"

/** What a group holds of one entry. */
export interface Member {
  readonly near: NearEntry
  readonly expiresAt: number
  readonly stamp: Epoch
  readonly labels: readonly string[]
  /** When it answered last, or else was written; ms since the epoch. */
  readonly usedAt: number
}

export const memberOf = (
  { entry: id }: Pick<CacheAddress, "entry">,
  { question, writtenAt, expiresAt }: Pick<CachedAnswer, "question" | "writtenAt" | "expiresAt">,
  near: NonNullable<AnswerToKeep["near"]>,
  { stamp, labels }: Pick<Member, "stamp" | "labels">,
): Member => ({ near: { id, question, ...near, writtenAt }, expiresAt, stamp, labels, usedAt: writtenAt })

/**
 * The group with one member more. What expired leaves, and what was invalidated, where the
 * invalidations are known; of too many, the ones that were used longest ago leave. One
 * that was quarantined stays so when it is written anew: its answer is new, what is near it is not.
 */
export const withMember = (
  members: readonly Member[],
  added: Member,
  now: number,
  epochs?: Epochs,
): readonly Member[] => {
  const before = members.find(({ near }) => near.id === added.near.id && near.quarantined === true)
  const member = before === undefined ? added : { ...added, near: { ...added.near, quarantined: true } }
  const standing =
    epochs === undefined ? members.filter(({ expiresAt }) => expiresAt > now) : membersThatStand(members, epochs, now)
  const others = standing.filter(({ near }) => near.id !== added.near.id)
  const kept = others.toSorted((one, other) => other.usedAt - one.usedAt).slice(0, groupLimit - 1)
  return [...kept, member]
}

/** The members that a question may be compared with. */
export const membersThatStand = (members: readonly Member[], epochs: Epochs, now: number): readonly Member[] =>
  members.filter(({ expiresAt, stamp, labels }) => expiresAt > now && stands(stamp, labels, epochs))
