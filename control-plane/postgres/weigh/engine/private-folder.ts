import { rmSync } from "node:fs"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

const prefix = "voltgate-what-if-"

/**
 * A temporary folder that only this user may enter. What earlier runs left behind when they were killed is removed first; a server
 * that still runs in such a folder ends by itself once its files are gone.
 */
export const makePrivateFolder = async (): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> => {
  await sweep()
  const path = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  const removeAtExit = (): void => rmSync(path, { recursive: true, force: true })
  process.once("exit", removeAtExit)
  return {
    path,
    remove: async () => {
      process.off("exit", removeAtExit)
      await rm(path, { recursive: true, force: true, maxRetries: 3 })
    },
  }
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
