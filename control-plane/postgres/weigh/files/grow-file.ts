import { chown, open } from "node:fs/promises"
import type { FileOwner } from "../engine/engine.ts"

/** Postgres cuts a relation into files of this length: `16384`, `16384.1` … */
const segmentBytes = 2 ** 30

/**
 * Grows a relation's file to its true length without writing a byte: the hole takes no room on the disk. Makes it where it does not
 * exist; what it holds is kept.
 */
export const growFile = async (path: string, sizeBytes: number, owner?: FileOwner): Promise<void> => {
  for (let segment = 0; segment === 0 || segment * segmentBytes < sizeBytes; segment++) {
    const name = segment === 0 ? path : `${path}.${segment}`
    const file = await open(name, "a", 0o600)
    await file.truncate(Math.min(segmentBytes, sizeBytes - segment * segmentBytes))
    await file.close()
    if (owner !== undefined) await chown(name, owner.uid, owner.gid)
  }
}
