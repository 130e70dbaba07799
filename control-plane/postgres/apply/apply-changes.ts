import type { ProposedChange } from "../change.ts"
import { applyChange } from "./apply-change.ts"
import { isInPlace } from "./journal-entry.ts"
import type { JournalEntry } from "./journal-entry.ts"
import { RefusedChange } from "./read-change.ts"
import type { Run } from "./run.ts"

export interface Refusal {
  readonly change: ProposedChange
  readonly reason: string
}

export interface Applied {
  readonly entries: readonly JournalEntry[]
  readonly refused: readonly Refusal[]
}

/** Carries out the first `most` changes that can be begun, one after the other; says of every other one before them why not. */
export const applyChanges = async (
  run: Run,
  changes: readonly ProposedChange[],
  most: number,
  makeId: () => string,
): Promise<Applied> => {
  const entries: JournalEntry[] = []
  const refused: Refusal[] = []
  for (const change of changes) {
    if (entries.length >= most || run.guard.stop.aborted) break
    const known = whyNotAgain(change, await run.journal.list(), run.clock.now())
    if (known !== undefined) {
      refused.push({ change, reason: known })
      continue
    }
    try {
      const entry = await applyChange(run, change, makeId())
      entries.push(entry)
      // What made one change fail would most likely make the next one fail as well.
      if (entry.state === "failed") break
    } catch (error) {
      if (!(error instanceof RefusedChange)) throw error
      refused.push({ change, reason: error.message })
    }
  }
  return { entries, refused }
}

/** Why a change is not made a second time; undefined where it may be. */
export const whyNotAgain = (
  change: ProposedChange,
  journal: readonly JournalEntry[],
  now: Date,
): string | undefined => {
  if (change.kind === "analyze") return undefined
  const same = journal.filter((entry) => entry.change.sql === change.sql)
  const present = same.find(isInPlace)
  if (present !== undefined) return `It is in place already, as ${present.id}.`
  const resting = same.find(
    ({ quarantinedUntil }) => quarantinedUntil !== undefined && Date.parse(quarantinedUntil) > now.getTime(),
  )
  return resting === undefined
    ? undefined
    : `It was undone as ${resting.id} and is not tried again before ${resting.quarantinedUntil?.slice(0, 10)}.`
}
