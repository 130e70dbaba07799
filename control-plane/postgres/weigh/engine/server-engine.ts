import { createHash } from "node:crypto"
import { chownSync } from "node:fs"
import { chmod, chown, readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { Client } from "pg"
import type { Database } from "../../database.ts"
import { copyTemplate } from "./cluster-template.ts"
import type { Engine, FileOwner } from "./engine.ts"
import type { Binaries } from "./find-binaries.ts"
import { makeCluster, serverOwner, startServerProcess } from "./server-process.ts"
import type { NewCluster } from "./server-process.ts"

export interface ServerSettings {
  readonly major: number
  readonly binaries: Binaries
  /** Ours alone; cluster and socket go into it. */
  readonly folder: string
  readonly collatesBytewise: boolean
  readonly locale: string
}

const sessionRole = "voltgate_session"

/** A Postgres server of its own from installed programs. Throws where it does not start. */
export const startServer = async (settings: ServerSettings): Promise<Engine> => {
  const { major, binaries, folder } = settings
  const owner = serverOwner()
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid)
  const dataFolder = join(folder, "data")
  const hasLocale = await makeFirstCluster(settings, dataFolder)
  const running = await open(binaries, dataFolder, folder, async (admin) => {
    await admin.query(`CREATE ROLE ${sessionRole} LOGIN BYPASSRLS`)
    await admin.query(`ALTER DATABASE postgres OWNER TO ${sessionRole}`)
    await admin.query(`GRANT ALL ON SCHEMA public TO ${sessionRole}`)
  })
  return {
    major,
    hasLocale,
    dataFolder,
    ...(owner === undefined ? {} : { owner }),
    admin: running.admin,
    session: running.session,
    [Symbol.asyncDispose]: running.close,
  }
}

/** With the source's locale where this machine has it; else with one that is not C either, as C alone lets an index serve a prefix. */
const makeFirstCluster = async (
  { major, binaries, collatesBytewise, locale }: ServerSettings,
  dataFolder: string,
): Promise<boolean> => {
  const wanted = collatesBytewise ? "C" : locale
  try {
    await copyCluster(binaries, { major, dataFolder, locale: wanted })
    return true
  } catch (error) {
    if (collatesBytewise) throw error
    await copyCluster(binaries, { major, dataFolder, locale: "C.UTF-8" })
    return false
  }
}

/** From the template of just these programs, as another build's may not read it. */
const copyCluster = async (binaries: Binaries, cluster: NewCluster): Promise<void> => {
  const program = join(binaries.folder, "postgres")
  const build = createHash("sha256")
    .update(`${program} ${(await stat(program)).mtimeMs}`)
    .digest("hex")
    .slice(0, 10)
  await copyTemplate(cluster.dataFolder, `server-${cluster.major}-${build}-${cluster.locale}-1`, () =>
    makeCluster(binaries, { ...cluster, logFileMegabytes: 1 }),
  )
  await giveTo(cluster.dataFolder, serverOwner())
}

/** A server reads only what is its user's alone. */
const giveTo = async (folder: string, owner: FileOwner | undefined): Promise<void> => {
  await chmod(folder, 0o700)
  if (owner === undefined) return
  for (const path of ["", ...(await readdir(folder, { recursive: true }))])
    chownSync(join(folder, path), owner.uid, owner.gid)
}

interface Running {
  readonly admin: Database
  readonly session: Database
  readonly close: () => Promise<void>
}

const open = async (
  binaries: Binaries,
  dataFolder: string,
  socketFolder: string,
  prepare: (admin: Client) => Promise<void>,
): Promise<Running> => {
  const server = startServerProcess(binaries, dataFolder, socketFolder)
  try {
    const admin = await connect(socketFolder, "voltgate", server.hasEnded)
    await prepare(admin)
    const session = await connect(socketFolder, sessionRole, server.hasEnded)
    return {
      admin: asDatabase(admin),
      session: asDatabase(session),
      close: async () => {
        await Promise.all([admin, session].map((client) => client.end()))
        await server.stop()
      },
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

const patienceMs = 20_000
const pauseMs = 25

/** Connects as soon as the server answers. */
export const connect = async (host: string, user: string, hasEnded: () => boolean): Promise<Client> => {
  for (const start = Date.now(); ;) {
    const client = new Client({ host, user, database: "postgres", application_name: "voltgate" })
    // Ends with the server; who asks next is told.
    client.on("error", () => undefined)
    try {
      await client.connect()
      return client
    } catch (error) {
      if (hasEnded() || Date.now() - start > patienceMs || isRefusal(error)) throw error
      await sleep(pauseMs)
    }
  }
}

/** The server answered, and will not answer otherwise; 57P03: it is still starting. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  typeof error.code === "string" &&
  /^(?!57P03)[0-9A-Z]{5}$/.test(error.code)

export const asDatabase = (client: Client): Database => ({
  query: async (sql, parameters = []) => (await client.query<Record<string, unknown>>(sql, [...parameters])).rows,
})
