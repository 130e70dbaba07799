import type { Database } from "../database.ts"
import type { Clock } from "./clock.ts"
import type { Journal } from "./journal.ts"
import { move } from "./journal-entry.ts"
import type { ChangeState, JournalEntry } from "./journal-entry.ts"
import type { Guard } from "./run-guarded.ts"
import type { VerifyRules } from "./verify.ts"
import type { Window } from "./window.ts"

/** What a run may do, and how patient it is. */
export interface Limits {
  /** How long to wait for what passes by itself, such as a long transaction. */
  readonly patienceMs: number
  /** How often a build that had to give way is begun again. */
  readonly attempts: number
  readonly window?: Window
  readonly freeBytes?: number
  readonly allowDrop: boolean
  readonly rules: VerifyRules
}

export const usualLimits: Omit<Limits, "rules"> = { patienceMs: 60_000, attempts: 3, allowDrop: false }

/** All that the steps of a run need, once the lock is held. */
export interface Run {
  readonly database: Database
  readonly journal: Journal
  readonly guard: Guard
  readonly clock: Clock
  readonly limits: Limits
}

/** Moves an entry a step further and keeps that on disk before anything else happens. */
export const recordMove = async (
  { journal, clock }: Pick<Run, "journal" | "clock">,
  entry: JournalEntry,
  state: ChangeState,
  note: string,
  more: Partial<JournalEntry> = {},
): Promise<JournalEntry> => {
  const next = move(entry, state, note, clock.now(), more)
  await journal.record(next)
  return next
}
