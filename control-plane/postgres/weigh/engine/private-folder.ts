import { rmSync } from "node:fs"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

const prefix = "voltgate-what-if-"

const open = new Set<string>()

/**
 * A temporary folder that only this user may enter; it goes away with this process at the latest. What earlier runs left behind
 * when they were killed is removed first; a server that still runs in such a folder ends by itself once its files are gone.
 */
export const makePrivateFolder = async (): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> => {
  await sweep()
  const path = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
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

const sweep = async (): Promise<void> => {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = /^voltgate-what-if-(\d+)-/.exec(name) ?? []
    if (pid === undefined || isAlive(Number(pid))) continue
    // Another user's cannot be removed, and is no business of ours.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)
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
