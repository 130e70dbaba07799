import type { Notice } from "../../notifications/notice.ts"
import { applyChanges } from "../apply/apply-changes.ts"
import type { Applied } from "../apply/apply-changes.ts"
import type { JournalEntry } from "../apply/journal-entry.ts"
import { asOnlyRun } from "../apply/open-run.ts"
import type { RunSettings } from "../apply/open-run.ts"
import { verifyWaiting } from "../apply/verify-waiting.ts"
import type { ProposedChange } from "../change.ts"
import type { Database } from "../database.ts"
import { noticeOf } from "./notices.ts"

/** Whence the changes of a cycle come; the database is the watched one. */
export type Advisor = (database: Database) => Promise<readonly ProposedChange[]>

export interface CycleSettings {
  readonly run: RunSettings
  readonly advise: Advisor
  /** Keeps what the database has counted until now, for what takes weeks to see. */
  readonly remember: (database: Database) => Promise<void>
  /** Changes a cycle; 0 to look and verify only. */
  readonly mostChanges: number
  readonly newId: () => string
  readonly notify: (notice: Notice) => Promise<void>
}

export interface Cycle extends Applied {
  /** Entries that an earlier run had left unfinished. */
  readonly mended: readonly JournalEntry[]
  /** Entries that were kept or undone after their watch window. */
  readonly decided: readonly JournalEntry[]
  /** Changes whose effect is still watched. */
  readonly waiting: number
  readonly advised: number
}

/** One cycle: mend what was left, judge what waits, ask for advice, and carry out as much as may be. People hear of each change. */
export const watchOnce = ({
  run: settings,
  advise,
  remember,
  mostChanges,
  newId,
  notify,
}: CycleSettings): Promise<Cycle> =>
  asOnlyRun(settings, async (run, mended) => {
    const decided = await verifyWaiting(run)
    const waiting = (await run.journal.list()).filter(({ state }) => state === "verifying")
    await remember(run.database)
    const changes = await advise(run.database)
    const applied = await applyChanges(run, changes, mostChanges, newId)
    const [{ name } = { name: "" }] = await run.database.query("SELECT current_database() AS name")
    for (const entry of [...mended, ...decided, ...applied.entries]) {
      const notice = noticeOf(entry, String(name))
      if (notice !== undefined) await notify(notice)
    }
    return { mended, decided, waiting: waiting.length, advised: changes.length, ...applied }
  })
