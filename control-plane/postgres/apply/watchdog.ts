import * as v from "valibot"
import type { Clock } from "./clock.ts"
import type { Session } from "./session.ts"

export interface Patience {
  /** How long anyone may have been queued behind us before our own work is canceled. */
  readonly queuedMs: number
  /** How often we look. */
  readonly everyMs: number
}

/** Frees who queues behind us within two seconds: looking every 200 ms, at the latest at 1.95 s. */
export const usualPatience: Patience = { queuedMs: 1_750, everyMs: 200 }

const waited = v.tuple([v.object({ waited_ms: v.nullable(v.number()) })])

/**
 * For how long somebody has been waiting for a lock that `pid` holds or has asked for before; null where nobody waits. The
 * inner question is asked for the waiting sessions alone, as pg_blocking_pids locks the server's lock table for a moment.
 */
const longestWait = `
  SELECT max(extract(epoch FROM clock_timestamp() - lock.waitstart) * 1000)::float8 AS waited_ms
  FROM pg_locks AS lock
  WHERE NOT lock.granted AND lock.pid <> $1 AND lock.waitstart IS NOT NULL
    AND $1 = ANY (pg_blocking_pids(lock.pid))`

export interface Watched<T> {
  /** Present where the work was ended by us, because somebody queued behind it. */
  readonly gaveWay: boolean
  readonly result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }
}

export interface WatchSettings {
  readonly watchdog: Session
  readonly clock: Clock
  readonly patience?: Patience
  /** Asked once per look, for a person's Ctrl-C. */
  readonly stop?: AbortSignal
  /** Called about once a second while the work goes on. */
  readonly onLook?: () => Promise<void>
}

/**
 * Lets a worker's statement run, and looks from a second session whether anybody queues behind it: then, or when asked to stop,
 * the statement is canceled. Never throws; a watchdog that breaks cancels too, as work that nobody watches may block an
 * application for hours.
 */
export const watchOver = async <T>(
  worker: Pick<Session, "pid">,
  work: Promise<T>,
  { watchdog, clock, patience = usualPatience, stop, onLook }: WatchSettings,
): Promise<Watched<T>> => {
  const outcome: { done?: Watched<T>["result"] } = {}
  const settled = work.then(
    (value) => void (outcome.done = { ok: true, value }),
    (error: unknown) => void (outcome.done = { ok: false, error }),
  )
  let gaveWay = false
  for (let look = 1; outcome.done === undefined; look++) {
    await Promise.race([settled, clock.sleep(patience.everyMs)])
    if (outcome.done !== undefined) break
    const mustEnd = stop?.aborted === true || (await somebodyWaits(watchdog, worker.pid, patience.queuedMs))
    if (mustEnd) {
      gaveWay = stop?.aborted !== true
      await watchdog.query("SELECT pg_cancel_backend($1)", [worker.pid]).catch(() => undefined)
    } else if ((look * patience.everyMs) % 1_000 < patience.everyMs) await onLook?.().catch(() => undefined)
  }
  await settled
  const result = outcome.done ?? { ok: false, error: new Error("The work did not settle.") }
  return { gaveWay: gaveWay && !result.ok, result }
}

const somebodyWaits = async (watchdog: Session, pid: number, queuedMs: number): Promise<boolean> => {
  try {
    const [{ waited_ms: waitedMs }] = v.parse(waited, await watchdog.query(longestWait, [pid]))
    return waitedMs !== null && waitedMs >= queuedMs
  } catch {
    return true
  }
}
