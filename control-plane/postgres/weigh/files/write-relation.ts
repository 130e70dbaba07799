import { closeSync, chownSync, ftruncateSync, openSync, writeSync } from "node:fs"
import type { FileOwner } from "../engine/engine.ts"

/** Postgres cuts a relation into files of this length: `16384`, `16384.1` … */
const segmentBytes = 2 ** 30

/**
 * Gives a relation's file its true length without writing more than its first pages: the hole takes no room on the disk. Makes
 * it where it does not exist. At once, as hundreds of such small steps would each wait for a thread.
 */
export const writeRelation = (path: string, sizeBytes: number, head: Uint8Array, owner?: FileOwner): void => {
  const length = Math.max(sizeBytes, head.length)
  for (let segment = 0; segment === 0 || segment * segmentBytes < length; segment++) {
    const name = segment === 0 ? path : `${path}.${segment}`
    const file = openSync(name, "a", 0o600)
    if (segment === 0 && head.length > 0) writeSync(file, head)
    ftruncateSync(file, Math.min(segmentBytes, length - segment * segmentBytes))
    closeSync(file)
    if (owner !== undefined) chownSync(name, owner.uid, owner.gid)
  }
}
