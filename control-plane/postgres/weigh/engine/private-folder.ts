import { rmSync } from "node:fs"
import { mkdtemp, readdir, rm, statfs } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

const prefix = "voltgate-what-if-"

const open = new Set<string>()

/** Linux' folder in memory. */
const memory = "/dev/shm"
const tmpfs = 0x01021994
/** A cluster and its log take a tenth of it. */
const leastFreeBytes = 2 ** 30

/**
 * Where the folders are made: in memory if there is some to spare, and the user does not want them elsewhere. Hundreds of small files
 * are made in them, and what they hold of users' values then reaches no disk that is not swapped to.
 */
const chooseParent = async (): Promise<string> => {
  if (process.env["TMPDIR"] !== undefined) return tmpdir()
  try {
    const { type, bavail, bsize } = await statfs(memory)
    return type === tmpfs && bavail * bsize >= leastFreeBytes ? memory : tmpdir()
  } catch {
    return tmpdir()
  }
}

/**
 * A temporary folder that only this user may enter; it goes away with this process at the latest. What earlier runs left behind
 * when they were killed is removed first; a server that still runs in such a folder ends by itself once its files are gone.
 */
export const makePrivateFolder = async (): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> => {
  await Promise.all([memory, tmpdir()].map(sweep))
  const path = await mkdtemp(join(await chooseParent(), `${prefix}${process.pid}-`))
  if (open.size === 0) watchEnd()
  open.add(path)
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true, maxRetries: 3 })
      open.delete(path)
      if (open.size === 0) unwatchEnd()
    },
  }
}

const removeAll = (): void => {
  for (const path of open) rmSync(path, { recursive: true, force: true })
}

const endings = [
  { signal: "SIGHUP", exitCode: 129 },
  { signal: "SIGINT", exitCode: 130 },
  { signal: "SIGTERM", exitCode: 143 },
] as const

/** A signal alone would end this process without a word; where somebody else listens to it, they decide. */
const listeners = endings.map(({ signal, exitCode }) => ({
  signal,
  listener: (): void => {
    if (process.listenerCount(signal) === 1) process.exit(exitCode)
  },
}))

const watchEnd = (): void => {
  process.on("exit", removeAll)
  for (const { signal, listener } of listeners) process.on(signal, listener)
}

const unwatchEnd = (): void => {
  process.off("exit", removeAll)
  for (const { signal, listener } of listeners) process.off(signal, listener)
}

const sweep = async (parent: string): Promise<void> => {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, pid] = /^voltgate-what-if-(\d+)-/.exec(name) ?? []
    if (pid === undefined || isAlive(Number(pid))) continue
    // Another user's cannot be removed, and is no business of ours.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}
