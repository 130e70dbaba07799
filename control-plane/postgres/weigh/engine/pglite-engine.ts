import { PGlite } from "@electric-sql/pglite"
import { join } from "node:path"
import type { Database } from "../../database.ts"
import { copyTemplate } from "./cluster-template.ts"
import type { Engine } from "./engine.ts"
import { loadExtensions } from "./pglite-extensions.ts"

export interface PgliteSettings {
  /** Ours alone; the cluster goes into it. */
  readonly folder: string
  readonly collatesBytewise: boolean
  readonly locale: string
  /** Names of the extensions to have at hand, as far as there are such. */
  readonly extensions: readonly string[]
}

/**
 * Postgres 18 inside this process. Queries run as a superuser of a server that sees nothing of this machine but its data
 * folder: it is WebAssembly.
 */
export const startPglite = async ({
  folder,
  collatesBytewise,
  extensions: wanted,
  locale,
}: PgliteSettings): Promise<Engine> => {
  const dataFolder = join(folder, "data")
  const clusterLocale = collatesBytewise ? "C" : "en_US.UTF-8"
  await copyTemplate(dataFolder, `pglite-18-${clusterLocale}-1`, (target) => makeCluster(target, clusterLocale))
  const extensions = await loadExtensions(wanted)
  const instance = await PGlite.create({ dataDir: dataFolder, relaxedDurability: true, extensions })
  const session: Database = {
    query: async (sql, parameters = []) => (await instance.query<Record<string, unknown>>(sql, [...parameters])).rows,
  }
  return {
    major: 18,
    // The emulated C library knows every locale by name and sorts by bytes.
    hasLocale: collatesBytewise || /^C\./i.test(locale),
    admin: session,
    session,
    dataFolder,
    [Symbol.asyncDispose]: () => instance.close(),
  }
}

/** Checksums would refuse pages that were never written. The emulated C library knows any locale by name and sorts by bytes. */
const makeCluster = async (target: string, locale: string): Promise<void> => {
  const cluster = await PGlite.create({
    dataDir: target,
    relaxedDurability: true,
    initDbStartParams: ["--no-data-checksums", `--locale=${locale}`, "--encoding=UTF8", "--wal-segsize=1"],
  })
  await cluster.close()
}
