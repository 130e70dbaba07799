import type { ProposedChange } from "../change.ts"
import { maskLiterals } from "../observe/mask-literals.ts"
import type { Refusal } from "./apply-changes.ts"
import type { JournalEntry } from "./journal-entry.ts"

type Statements = Pick<ProposedChange, "kind" | "sql" | "inverse">

/**
 * A change for people to see. The condition or expression of an index may hold a value of a row: it is in the journal, which has
 * to undo the change, and nowhere else. Numbers of other changes are ours.
 */
export const maskChange = <T extends Statements>(change: T): T => ({
  ...change,
  sql: maskFor(change, change.sql),
  ...(change.inverse === undefined ? {} : { inverse: maskFor(change, change.inverse) }),
})

/** The same of a journal's entry. */
export const maskEntry = (entry: JournalEntry): JournalEntry => ({
  ...entry,
  change: maskChange(entry.change),
  ...(entry.inverse === undefined ? {} : { inverse: maskFor(entry.change, entry.inverse) }),
})

/** The same of a change that was not begun. */
export const maskRefusal = (refusal: Refusal): Refusal => ({ ...refusal, change: maskChange(refusal.change) })

const maskFor = ({ kind }: Statements, sql: string): string =>
  kind === "create-index" || kind === "drop-index" ? maskLiterals(sql) : sql
