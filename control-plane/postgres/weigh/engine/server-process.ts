import { execFile, spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { chown, mkdir } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import type { FileOwner } from "./engine.ts"
import type { Binaries } from "./find-binaries.ts"

export interface ServerProcess {
  readonly hasEnded: () => boolean
  readonly stop: () => Promise<void>
}

/** Postgres refuses to run as root: then it runs as `nobody`, and the files are that user's. */
export const serverOwner = (): FileOwner | undefined =>
  process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

const run = promisify(execFile)

export interface NewCluster {
  readonly major: number
  readonly dataFolder: string
  readonly locale: string
  /** For one that is copied: the log's first file is empty, and sixteen times as long unless told otherwise. */
  readonly logFileMegabytes?: number
}

/** Makes a cluster without page checksums, as pages that were never written have none. The superuser is `voltgate`. */
export const makeCluster = async (
  binaries: Binaries,
  { major, dataFolder, locale, logFileMegabytes }: NewCluster,
): Promise<void> => {
  const owner = serverOwner()
  await mkdir(dataFolder, { mode: 0o700, recursive: true })
  if (owner !== undefined) await chown(dataFolder, owner.uid, owner.gid)
  const options = ["--encoding=UTF8", `--locale=${locale}`, "--auth=trust", "--username=voltgate", "--no-sync"]
  if (logFileMegabytes !== undefined) options.push(`--wal-segsize=${logFileMegabytes}`)
  // On by default since 18; the option to refuse them came with it.
  if (major >= 18) options.push("--no-data-checksums")
  await run(join(binaries.folder, "initdb"), ["-D", dataFolder, ...options], {
    ...owner,
    env: environment(binaries.libraries),
    cwd: dataFolder,
  })
}

const settings: Readonly<Record<string, string>> = {
  listen_addresses: "",
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  // It would count the rows that are not there.
  autovacuum: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  shared_buffers: "16MB",
  max_connections: "8",
  // An error's text holds values.
  log_min_messages: "panic",
  log_min_error_statement: "panic",
}

/** Starts the server; it listens on a Unix socket in `socketFolder` alone. Ends with this process at the latest. */
export const startServerProcess = (
  { folder, libraries }: Binaries,
  dataFolder: string,
  socketFolder: string,
  more: Readonly<Record<string, string>> = {},
): ServerProcess => {
  const options = Object.entries({ ...settings, unix_socket_directories: socketFolder, ...more }).flatMap(
    ([name, value]) => ["-c", `${name}=${value}`],
  )
  const server = spawn(join(folder, "postgres"), ["-D", dataFolder, ...options], {
    ...serverOwner(),
    env: environment(libraries),
    cwd: dataFolder,
    stdio: "ignore",
  })
  // What cannot be started shows as a process without an id.
  server.on("error", () => undefined)
  const end = (): void => void server.kill("SIGQUIT")
  process.once("exit", end)
  return {
    hasEnded: () => server.exitCode !== null || server.signalCode !== null || server.pid === undefined,
    stop: async () => {
      process.off("exit", end)
      await stopChild(server)
    },
  }
}

const stopChild = async (server: ChildProcess): Promise<void> => {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return
  const ended = once(server, "exit")
  server.kill("SIGINT")
  await ended
}

const environment = (libraries: string | undefined): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  LC_ALL: "C",
  ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }),
})
