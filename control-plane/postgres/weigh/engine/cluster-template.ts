import { cpSync } from "node:fs"
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"

/**
 * Fills a folder with a fresh cluster. Making one takes seconds, copying one a tenth: the first is kept under the user's
 * cache folder by a name that says what it depends on. It is the same for every database, and holds nothing of any.
 */
export const copyTemplate = async (
  target: string,
  name: string,
  make: (target: string) => Promise<void>,
): Promise<void> => {
  try {
    // At once: the same in small steps waits for a thread hundreds of times, and takes several times as long.
    cpSync(join(cacheFolder(), name), target, { recursive: true })
  } catch {
    await rm(target, { recursive: true, force: true })
    await make(target)
    // Two thirds of the files are those of the databases that new ones are copied from; no one is made here.
    for (const templateDatabase of ["1", "4"])
      await rm(join(target, "base", templateDatabase), { recursive: true, force: true })
    await keep(target, name)
  }
}

const cacheFolder = (): string => join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "voltgate")

/**
 * Never fails, not even for a user without a home: without it the next run is slower. Renamed into place, so that no one sees half
 * of it.
 */
const keep = async (cluster: string, name: string): Promise<void> => {
  try {
    await mkdir(cacheFolder(), { recursive: true, mode: 0o700 })
    const half = await mkdtemp(join(cacheFolder(), "cluster-"))
    await cp(cluster, half, { recursive: true })
    await rename(half, join(cacheFolder(), name)).catch(() => rm(half, { recursive: true, force: true }))
  } catch {
    return
  }
}
