import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"
import { PGlite } from "@electric-sql/pglite"

/**
 * Fills a folder with a fresh cluster. Making one takes seconds, copying one a tenth: the first is kept under the user's
 * cache folder. It is the same for every database, and holds nothing of any.
 */
export const copyTemplate = async (target: string, locale: "C" | "en_US.UTF-8"): Promise<void> => {
  const cached = join(cacheFolder(), `pglite-18-${locale}-1`)
  try {
    await cp(cached, target, { recursive: true })
  } catch {
    await makeCluster(target, locale)
    await keep(target, cached)
  }
}

const cacheFolder = (): string => join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "voltgate")

/** Checksums would refuse pages that were never written. The emulated C library knows any locale by name and sorts by bytes. */
const makeCluster = async (target: string, locale: string): Promise<void> => {
  await rm(target, { recursive: true, force: true })
  const cluster = await PGlite.create({
    dataDir: target,
    relaxedDurability: true,
    initDbStartParams: ["--no-data-checksums", `--locale=${locale}`, "--encoding=UTF8", "--wal-segsize=1"],
  })
  await cluster.close()
  // Two thirds of the files are those of the databases that new ones are copied from; no one is made here.
  for (const templateDatabase of ["1", "4"]) await rm(join(target, "base", templateDatabase), { recursive: true })
}

/** Never fails: without it the next run is slower. Renamed into place, so that no one sees half of it. */
const keep = async (cluster: string, cached: string): Promise<void> => {
  try {
    await mkdir(cacheFolder(), { recursive: true, mode: 0o700 })
    const half = await mkdtemp(join(cacheFolder(), "pglite-"))
    await cp(cluster, half, { recursive: true })
    await rename(half, cached).catch(() => rm(half, { recursive: true, force: true }))
  } catch {
    return
  }
}
