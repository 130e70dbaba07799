import { showBytes } from "./show-bytes.ts"
import { isWithin, showWindow } from "./window.ts"
import type { Window } from "./window.ts"

/** What the server and the machine say right before a change. */
export interface Surroundings {
  readonly isStandby: boolean
  readonly isReadOnly: boolean
  /** Age of the oldest transaction of this database that a build would wait for; 0 for none. */
  readonly oldestTransactionS: number
  /** Sessions whose age this role may not see. */
  readonly unseenSessions: number
  /** A vacuum against wraparound is at work on the table: it gives way to nobody. */
  readonly hasWraparoundVacuum: boolean
  readonly replicaLagS: number
  /** Free bytes where the data lies; undefined where nobody told. */
  readonly freeBytes?: number
  readonly databaseBytes: number
}

export interface Need {
  /** Estimated size of what is built, 0 for nothing. */
  readonly sizeBytes: number
  readonly window?: Window
  readonly now: Date
}

/** Whether a change may begin: now, later (what forbids it passes by itself), or not. Reasons are sentences. */
export type Preflight =
  | { readonly kind: "go" }
  | { readonly kind: "wait"; readonly reason: string }
  | { readonly kind: "refuse"; readonly reason: string }

export const oldestTransactionLimitS = 60
export const replicaLagLimitS = 60
/** What may be built on a disk that nobody has measured: 1 GiB, or a tenth of the database. */
const unmeasuredBytes = 1_024 ** 3
const unmeasuredShare = 0.1

/** Decides whether a change may begin. */
export const judgeSurroundings = (seen: Surroundings, need: Need): Preflight => {
  if (seen.isStandby) return refuse("This server is a standby: connect to the primary.")
  if (seen.isReadOnly)
    return refuse("The database is read-only (default_transaction_read_only): nothing can be changed.")
  const disk = judgeDisk(seen, need.sizeBytes)
  if (disk !== undefined) return refuse(disk)
  if (need.window !== undefined && !isWithin(need.window, need.now)) {
    return refuse(`It is outside of the window ${showWindow(need.window)}.`)
  }
  if (seen.hasWraparoundVacuum) {
    return wait("A vacuum against transaction wraparound is at work on the table, and a build would queue behind it.")
  }
  if (seen.oldestTransactionS > oldestTransactionLimitS) {
    return wait(
      `A transaction has been open for ${Math.round(seen.oldestTransactionS)} s (limit ${oldestTransactionLimitS} s); ` +
        "a build would wait for it to end. Find it in pg_stat_activity by xact_start.",
    )
  }
  if (seen.replicaLagS > replicaLagLimitS) {
    return wait(`A replica is ${Math.round(seen.replicaLagS)} s behind (limit ${replicaLagLimitS} s).`)
  }
  return { kind: "go" }
}

const refuse = (reason: string): Preflight => ({ kind: "refuse", reason })
const wait = (reason: string): Preflight => ({ kind: "wait", reason })

/** Twice the size: sorting spills to disk as much again, and WAL waits for replicas. */
const judgeDisk = ({ freeBytes, databaseBytes }: Surroundings, sizeBytes: number): string | undefined => {
  const neededBytes = 2 * sizeBytes
  if (freeBytes !== undefined) {
    if (freeBytes >= neededBytes) return undefined
    return `The disk has ${showBytes(freeBytes)} free, and ${showBytes(neededBytes)} are needed: twice what is built.`
  }
  if (neededBytes <= Math.max(unmeasuredBytes, unmeasuredShare * databaseBytes)) return undefined
  return (
    `The server does not tell how much of its disk is free, and ${showBytes(neededBytes)} are needed: ` +
    "say how much there is with --disk-free, e.g. --disk-free 200GB."
  )
}
