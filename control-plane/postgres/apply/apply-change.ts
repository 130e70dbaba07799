import type { ProposedChange } from "../change.ts"
import { buildIndex, namesOfBuild } from "./build-index.ts"
import { dropIndex } from "./drop-index.ts"
import { findInverse } from "./find-inverse.ts"
import { isNameTaken, readIndex } from "./index-facts.ts"
import type { JournalEntry } from "./journal-entry.ts"
import { readWhyKeep } from "./may-drop.ts"
import { judgeSurroundings } from "./preflight.ts"
import { readChange, RefusedChange } from "./read-change.ts"
import type { Statement } from "./read-change.ts"
import { readCounters } from "./read-counters.ts"
import { readSurroundings } from "./read-surroundings.ts"
import { beginWatch, clear } from "./recover.ts"
import { recordMove } from "./run.ts"
import type { Run } from "./run.ts"
import { runGuarded } from "./run-guarded.ts"
import type { Guarded } from "./run-guarded.ts"
import { isPassing, sayError } from "./say-error.ts"
import { codeOf, sqlStates } from "./session.ts"
import { quoteNames } from "./sql-text.ts"
import { readTable } from "./table-facts.ts"
import type { TableFacts } from "./table-facts.ts"

const lookAgainMs = 1_000
const firstBackoffMs = 2_000

/**
 * Carries out one change: looks whether it may begin, writes down what undoes it, makes it, and begins to watch it. Returns the
 * journal's entry, whose state and last note say how it went. Throws a RefusedChange for one that is not begun at all.
 */
export const applyChange = async (run: Run, change: ProposedChange, id: string): Promise<JournalEntry> => {
  const statement = await readChange(change)
  const table = await admit(run, change, statement)
  await waitForCalm(run, table, sizeOf(change, table))
  const inverse = await findInverse(run.database, change, statement)
  const before = await readCounters(run.database)
  const planned = await recordMove(
    run,
    {
      id,
      change,
      state: "planned",
      history: [],
      ...(inverse === undefined ? {} : { inverse }),
      ...(before === undefined ? {} : { before }),
    },
    "planned",
    change.reason,
  )
  return carryOut(run, await recordMove(run, planned, "building", "It begins."), statement, table)
}

/** What a change adds to the disk. */
const sizeOf = ({ kind, estimate }: ProposedChange, { sizeBytes }: TableFacts): number =>
  // An index that nobody estimated is taken to be as large as its table.
  kind === "create-index" ? (estimate.sizeBytes ?? sizeBytes) : 0

/** What can be said before anything is written. */
const admit = async (run: Run, change: ProposedChange, statement: Statement): Promise<TableFacts> => {
  const { schema } = change
  const table = await readTable(run.database, schema, change.table)
  if (table === undefined) throw new RefusedChange(`There is no table ${schema}.${change.table}.`)
  if (!table.isOurs && change.kind !== "analyze") {
    throw new RefusedChange(
      `This role does not own ${schema}.${change.table}: grant it the owner's role (deploy/postgres says how).`,
    )
  }
  if (statement.kind === "create-index") {
    for (const [where, name] of await namesOfBuild(run.database, { schema, name: statement.name, table })) {
      if (await isNameTaken(run.database, where, name)) {
        throw new RefusedChange(
          `${where}.${name} exists, and is not touched: drop or rename it yourself if it is in the way.`,
        )
      }
    }
  }
  if (statement.kind === "create-statistics" && (await isNameTaken(run.database, statement.schema, statement.name))) {
    throw new RefusedChange(`${statement.schema}.${statement.name} exists, and is not touched.`)
  }
  if (statement.kind === "drop-index") await admitDrop(run, change, statement.name)
  return table
}

const admitDrop = async (run: Run, { schema, table, unused }: ProposedChange, name: string): Promise<void> => {
  if (!run.limits.allowDrop) {
    throw new RefusedChange(`${schema}.${name} is not ours: it is dropped with --allow-drop only.`)
  }
  const why = await readWhyKeep(run.database, { schema, table, name }, run.clock.now(), unused)
  if (why !== undefined) throw new RefusedChange(`${schema}.${name} stays, as ${why}.`)
}

/** Waits for what passes by itself, as long as the run's patience lasts. */
const waitForCalm = async (
  { database, clock, limits, guard }: Run,
  table: TableFacts,
  sizeBytes: number,
): Promise<void> => {
  let told: string | undefined
  const need = { sizeBytes, ...(limits.window === undefined ? {} : { window: limits.window }) }
  for (const until = clock.now().getTime() + limits.patienceMs; ;) {
    const seen = await readSurroundings(database, table.oid, limits.freeBytes)
    const judged = judgeSurroundings(seen, { ...need, now: clock.now() })
    if (judged.kind === "go") return
    const leftMs = until - clock.now().getTime()
    if (judged.kind === "refuse") throw new RefusedChange(judged.reason)
    if (guard.stop.aborted) throw new RefusedChange("It was stopped before it began.")
    if (leftMs <= 0) {
      throw new RefusedChange(`Gave up after ${Math.round(limits.patienceMs / 1_000)} s. ${judged.reason}`)
    }
    if (told === undefined) guard.progress(`Waiting: ${judged.reason}`)
    told = judged.reason
    await clock.sleep(Math.min(lookAgainMs, leftMs))
  }
}

/** Makes the change, again where others were in the way, and at last gives up and cleans up. */
const carryOut = async (
  run: Run,
  began: JournalEntry,
  statement: Statement,
  table: TableFacts,
): Promise<JournalEntry> => {
  let entry = began
  for (let attempt = 1; ; attempt++) {
    const made = await make(run, entry.change, statement, table)
    if (made.kind === "done") return finish(run, entry)
    const why = whyNotMade(made)
    // The name was free when we looked: what has it now is not ours.
    if (made.kind === "failed" && codeOf(made.error) === sqlStates.duplicateTable) {
      return recordMove(run, entry, "abandoned", `It was not built, as ${why}.`)
    }
    entry = await cleanUp(run, entry, why)
    const mayRetry = made.kind === "gave-way" || (made.kind === "failed" && isPassing(made.error))
    if (entry.hasLeftover === true || !mayRetry || attempt >= run.limits.attempts || run.guard.stop.aborted)
      return entry
    await run.clock.sleep(firstBackoffMs * 2 ** (attempt - 1))
    await waitForCalm(run, table, sizeOf(entry.change, table)).catch(() => undefined)
    entry = await recordMove(run, entry, "building", `It begins again, for the ${attempt + 1}. time.`)
  }
}

const whyNotMade = (made: Exclude<Guarded, { kind: "done" }>): string => {
  switch (made.kind) {
    case "gave-way":
      return "another session queued behind it, and it gave way"
    case "stopped":
      return "it was stopped"
    case "failed":
      return sayError(made.error)
  }
}

const make = (
  { database, guard }: Run,
  change: ProposedChange,
  statement: Statement,
  table: TableFacts,
): Promise<Guarded> => {
  switch (statement.kind) {
    case "create-index":
      return buildIndex(
        database,
        { schema: change.schema, name: statement.name, sql: change.sql, definition: statement.definition, table },
        guard,
      )
    case "drop-index":
      return dropIndex(database, change.schema, statement.name, guard)
    case "analyze":
      return runGuarded(change.sql, `ANALYZE of ${change.table}`, guard)
    case "create-statistics":
    case "set-statistics-target":
      return alterAndAnalyze(change, guard)
    case "set-table-option":
      return runGuarded(`SET lock_timeout = '1500ms'; ${change.sql}`, change.kind, guard)
  }
}

/** Statistics that were only asked for are empty until the table is analyzed. */
const alterAndAnalyze = async (change: ProposedChange, guard: Run["guard"]): Promise<Guarded> => {
  const altered = await runGuarded(`SET lock_timeout = '1500ms'; ${change.sql}`, change.kind, guard)
  if (altered.kind !== "done") return altered
  return runGuarded(`ANALYZE ${quoteNames(change.schema, change.table)}`, `ANALYZE of ${change.table}`, guard)
}

const cleanUp = async (run: Run, entry: JournalEntry, why: string): Promise<JournalEntry> => {
  const isBuild = entry.change.kind === "create-index"
  const failed = await recordMove(
    run,
    entry,
    "failed",
    `It was not made, as ${why}.`,
    isBuild ? { hasLeftover: true } : {},
  )
  // Also where a person stopped us: an invalid index costs each write and serves nobody.
  return isBuild ? clear({ ...run, guard: { ...run.guard, stop: new AbortController().signal } }, failed) : failed
}

const finish = async (run: Run, entry: JournalEntry): Promise<JournalEntry> => {
  const { kind, schema, object = "" } = entry.change
  if (kind === "analyze") return recordMove(run, entry, "kept", "Done.")
  if (kind !== "create-index") return beginWatch(run, await recordMove(run, entry, "built", "Done."))
  const found = await readIndex(run.database, schema, object)
  if (found?.isValid !== true) return cleanUp(run, entry, "the server left it invalid")
  return beginWatch(
    run,
    await recordMove(run, entry, "built", `It is built and valid, ${found.sizeBytes} bytes.`, { objectId: found.oid }),
  )
}
