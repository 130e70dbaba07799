import { clearLeftovers } from "./build-index.ts"
import { dropIndex } from "./drop-index.ts"
import { readIndex } from "./index-facts.ts"
import type { JournalEntry } from "./journal-entry.ts"
import { readSurroundings } from "./read-surroundings.ts"
import { recordMove } from "./run.ts"
import type { Run } from "./run.ts"
import { runGuarded } from "./run-guarded.ts"
import type { Guarded } from "./run-guarded.ts"
import { sayError } from "./say-error.ts"
import { codeOf, sqlStates } from "./session.ts"
import { readTable } from "./table-facts.ts"

const dayMs = 86_400_000
const firstQuarantineDays = 30

/** Days that a change is not proposed again after being undone: 30, and twice as many each time after that. */
export const quarantineDays = (earlierReverts: number): number => firstQuarantineDays * 2 ** Math.min(earlierReverts, 6)

/** Undoes a change by its inverse. What it made is dropped only where it is still the very thing that we made. */
export const undo = async (run: Run, entry: JournalEntry, reason: string): Promise<JournalEntry> => {
  if (entry.inverse === undefined) {
    return recordMove(run, entry, "kept", `It cannot be undone: ${entry.change.kind} has no inverse.`)
  }
  const going = entry.state === "reverting" ? entry : await recordMove(run, entry, "reverting", reason)
  const replaced = await whyNotOurs(run, going)
  if (replaced !== undefined) return recordMove(run, going, "abandoned", replaced)
  const undone = await runInverse(run, going, entry.inverse)
  switch (undone.kind) {
    case "done": {
      const days = quarantineDays(await countReverts(run, going))
      const until = new Date(run.clock.now().getTime() + days * dayMs)
      return recordMove(run, going, "reverted", `${reason} It is not proposed again for ${days} days.`, {
        quarantinedUntil: until.toISOString(),
      })
    }
    case "gave-way":
      return recordMove(run, going, "reverting", "Others needed the table: the next run goes on undoing it.")
    case "stopped":
      return recordMove(run, going, "reverting", "It was stopped: the next run goes on undoing it.")
    case "failed":
      return recordMove(run, going, "reverting", `It is not undone yet, as ${sayError(undone.error)}.`)
  }
}

const whyNotOurs = async ({ database }: Run, { change, objectId }: JournalEntry): Promise<string | undefined> => {
  if (change.kind !== "create-index") return undefined
  const found = await readIndex(database, change.schema, change.object ?? "")
  if (found === undefined || objectId === undefined || found.oid === objectId) return undefined
  return `Somebody replaced ${change.schema}.${change.object} by an index of their own, which stays.`
}

const runInverse = async (run: Run, { change }: JournalEntry, inverse: string): Promise<Guarded> => {
  const table = await readTable(run.database, change.schema, change.table)
  if (table === undefined) return { kind: "done" }
  const surroundings = await readSurroundings(run.database, table.oid, undefined)
  if (surroundings.isStandby || surroundings.isReadOnly) return { kind: "failed", error: readOnlyError }
  if (change.kind === "create-index") {
    return clearLeftovers(run.database, { schema: change.schema, name: change.object ?? "", table }, run.guard)
  }
  if (change.kind === "drop-index") return rebuild(run, change, inverse)
  const done = await runGuarded(`SET lock_timeout = '1500ms'; ${inverse}`, `undoing ${change.kind}`, run.guard)
  const isGone = done.kind === "failed" && codeOf(done.error) === sqlStates.undefinedObject
  return isGone ? { kind: "done" } : done
}

const readOnlyError: Error = Object.assign(new Error("read-only"), { code: sqlStates.readOnly })

/** Brings back an index that was dropped; one left half by an earlier try goes first, as the name was ours to free. */
const rebuild = async (
  run: Run,
  { schema, object = "" }: JournalEntry["change"],
  inverse: string,
): Promise<Guarded> => {
  const found = await readIndex(run.database, schema, object)
  if (found?.isValid === true) return { kind: "done" }
  if (found !== undefined) {
    const dropped = await dropIndex(run.database, schema, object, run.guard)
    if (dropped.kind !== "done") return dropped
  }
  return runGuarded(inverse, `building ${object} again`, run.guard)
}

const countReverts = async ({ journal }: Run, { id, change }: JournalEntry): Promise<number> =>
  (await journal.list()).filter((each) => each.id !== id && each.state === "reverted" && each.change.sql === change.sql)
    .length
