import { endDeadBuilders } from "./end-dead-builders.ts"
import type { JournalEntry } from "./journal-entry.ts"
import { openJournal } from "./open-journal.ts"
import { recover } from "./recover.ts"
import { takeRunLock } from "./run-lock.ts"
import type { Run } from "./run.ts"
import type { Connect } from "./session.ts"

export interface RunSettings extends Omit<Run, "database" | "journal" | "guard"> {
  readonly connect: Connect
  readonly stateFolder: string
  /** How long to wait for another run to end. */
  readonly lockWaitMs: number
  readonly stop: AbortSignal
  readonly progress: (line: string) => void
  readonly patience?: Run["guard"]["patience"]
}

/** Another run is at work, or what it left cannot be ended by us: nothing was looked at or changed. */
export class RunForbidden extends Error {
  override readonly name = "RunForbidden"
}

/**
 * Does `work` as the only run on its database, after what an earlier run left has been ended, mended and cleaned. Throws a
 * RunForbidden where another run holds the lock.
 */
export const asOnlyRun = async <T>(
  settings: RunSettings,
  work: (run: Run, mended: readonly JournalEntry[]) => Promise<T>,
): Promise<T> => {
  const { connect, clock, limits, stop, progress, patience } = settings
  await using database = await connect("control")
  if (!(await takeRunLock(database, settings.lockWaitMs, clock))) {
    throw new RunForbidden("Another run is at work on this database. Wait for it with --wait 10m, or try again later.")
  }
  const left = await endDeadBuilders({ database, clock })
  if (left.length > 0) {
    throw new RunForbidden(
      `An earlier run of another role is still at work as process ${left.join(", ")}: end it with pg_terminate_backend.`,
    )
  }
  const run: Run = {
    database,
    journal: await openJournal(database, settings.stateFolder),
    guard: { connect, clock, stop, progress, ...(patience === undefined ? {} : { patience }) },
    clock,
    limits,
  }
  return await work(run, await recover(run))
}
