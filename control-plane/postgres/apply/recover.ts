import { clearLeftovers } from "./build-index.ts"
import { findInverse } from "./find-inverse.ts"
import { isNameTaken, readIndex } from "./index-facts.ts"
import { hasEnded } from "./journal-entry.ts"
import type { JournalEntry } from "./journal-entry.ts"
import { readChange } from "./read-change.ts"
import { readCounters } from "./read-counters.ts"
import { undo } from "./revert.ts"
import { recordMove } from "./run.ts"
import type { Run } from "./run.ts"
import { readTable } from "./table-facts.ts"

/**
 * Brings the record in line with the truth after a run that ended in the middle: looks at what is there, removes what was not
 * finished, and says so in the journal. Returns the entries that it mended.
 */
export const recover = async (run: Run): Promise<readonly JournalEntry[]> => {
  const mended: JournalEntry[] = []
  for (const entry of await run.journal.list()) {
    if (hasEnded(entry)) continue
    const next = await recoverOne(run, entry)
    if (next !== undefined) mended.push(next)
  }
  return mended
}

const recoverOne = async (run: Run, entry: JournalEntry): Promise<JournalEntry | undefined> => {
  switch (entry.state) {
    case "planned":
      return recordMove(run, entry, "abandoned", "The run ended before it began with this.")
    case "building":
      return entry.change.kind === "create-index" ? recoverBuild(run, entry) : recoverOther(run, entry)
    case "reverting":
      return undo(run, entry, "The run that undid it had ended before it was done.")
    case "built":
      return beginWatch(run, entry)
    case "verifying":
    case "kept":
    case "reverted":
      return undefined
    case "failed":
    case "abandoned":
      return entry.hasLeftover === true ? clear(run, entry) : undefined
  }
}

/** An index that is whole is kept and judged like any other; one that is not is dropped. */
const recoverBuild = async (run: Run, entry: JournalEntry): Promise<JournalEntry> => {
  const { schema, table, object = "" } = entry.change
  const found = await readIndex(run.database, schema, object)
  if (found !== undefined && found.table !== table) {
    return recordMove(
      run,
      entry,
      "abandoned",
      "The run ended before it began to build; another table's index has the name.",
    )
  }
  if (found?.isValid === true) {
    const built = await recordMove(run, entry, "built", "The run ended after the build; the index is valid.", {
      objectId: found.oid,
    })
    return beginWatch(run, built)
  }
  return clear(
    run,
    await recordMove(run, entry, "failed", "The run ended in the middle of the build.", { hasLeftover: true }),
  )
}

/** Statements that are one transaction: whether it happened shows in what would undo it now. */
const recoverOther = async (run: Run, entry: JournalEntry): Promise<JournalEntry> => {
  const { change } = entry
  if (change.kind === "drop-index") {
    const found = await readIndex(run.database, change.schema, change.object ?? "")
    if (found?.isValid === true)
      return recordMove(run, entry, "abandoned", "The run ended before the index was dropped.")
    return beginWatch(run, await recordMove(run, entry, "built", "The run ended while the index was dropped."))
  }
  if (change.kind === "analyze") {
    return recordMove(run, entry, "abandoned", "The run ended during ANALYZE, which either took effect or did not.")
  }
  const statement = await readChange(change)
  const happened =
    statement.kind === "create-statistics"
      ? await isNameTaken(run.database, statement.schema, statement.name)
      : (await findInverse(run.database, change, statement)) !== entry.inverse
  return happened
    ? beginWatch(run, await recordMove(run, entry, "built", "The run ended after the change was made."))
    : recordMove(run, entry, "abandoned", "The run ended before the change was made.")
}

/** Drops what a build left; it stays noted where that does not succeed now. */
export const clear = async (run: Run, entry: JournalEntry): Promise<JournalEntry> => {
  const { schema, table: tableName, object: name = "" } = entry.change
  const table = await readTable(run.database, schema, tableName)
  const cleared =
    table === undefined
      ? { kind: "done" as const }
      : await clearLeftovers(run.database, { schema, name, table }, run.guard)
  return cleared.kind === "done"
    ? recordMove(run, entry, entry.state, "What the build left is dropped.", { hasLeftover: false })
    : recordMove(run, entry, entry.state, "What the build left could not be dropped yet; the next run tries again.", {
        hasLeftover: true,
      })
}

/** From here on calls are counted for the verdict. */
export const beginWatch = async (run: Run, entry: JournalEntry): Promise<JournalEntry> => {
  const counters = await readCounters(run.database)
  const baseline = counters === undefined ? {} : { baseline: { at: run.clock.now().toISOString(), counters } }
  return recordMove(run, entry, "verifying", "Its effect is watched from here on.", baseline)
}
