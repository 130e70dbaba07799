import * as v from "valibot"
import type { Clock } from "./clock.ts"
import type { Connect, Session } from "./session.ts"
import { codeOf, sqlStates } from "./session.ts"
import { openSteadySession } from "./steady-session.ts"
import { watchOver } from "./watchdog.ts"
import type { Patience } from "./watchdog.ts"

export interface Guard {
  readonly connect: Connect
  readonly clock: Clock
  readonly patience?: Patience
  readonly stop: AbortSignal
  readonly progress: (line: string) => void
}

/** How a statement that may take long ended. */
export type Guarded =
  | { readonly kind: "done" }
  /** Ended by us, as somebody queued behind it. */
  | { readonly kind: "gave-way" }
  /** Ended by us, as we were asked to stop. */
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly error: unknown }

/** Runs one statement in a session of its own, with a watchdog beside it, and says how far it is. */
export const runGuarded = async (sql: string, what: string, guard: Guard): Promise<Guarded> => {
  const { connect, clock, patience, stop, progress } = guard
  if (stop.aborted) return { kind: "stopped" }
  try {
    await using watchdog = await openSteadySession(connect, "watchdog")
    await using worker = await connect("worker")
    const { gaveWay, result } = await watchOver(worker, worker.query(sql), {
      watchdog,
      clock,
      ...(patience === undefined ? {} : { patience }),
      stop,
      onLook: sayProgress(watchdog, worker, what, progress),
    })
    if (result.ok) return { kind: "done" }
    if (gaveWay) return { kind: "gave-way" }
    return stop.aborted && codeOf(result.error) === sqlStates.canceled
      ? { kind: "stopped" }
      : { kind: "failed", error: result.error }
  } catch (error) {
    return { kind: "failed", error }
  }
}

const progressRows = v.array(
  v.object({ phase: v.string(), done: v.nullable(v.number()), waits_for: v.nullable(v.number()) }),
)

/** The server's own account: the phase, its share done, and for whom it waits. */
const sayProgress =
  (watchdog: Session, { pid }: Session, what: string, progress: (line: string) => void) =>
  async (): Promise<void> => {
    const [row] = v.parse(
      progressRows,
      await watchdog.query(
        `SELECT phase, nullif(current_locker_pid, 0) AS waits_for,
           (CASE WHEN blocks_total > 0 THEN 100.0 * blocks_done / blocks_total
                 WHEN tuples_total > 0 THEN 100.0 * tuples_done / tuples_total END)::float8 AS done
         FROM pg_stat_progress_create_index WHERE pid = $1`,
        [pid],
      ),
    )
    if (row === undefined) return
    const share = row.done === null ? "" : `, ${row.done.toFixed(0)} %`
    const waits = row.waits_for === null ? "" : `, waits for the transaction of process ${row.waits_for}`
    progress(`${what}: ${row.phase}${share}${waits}`)
  }
