import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

const prefix = "voltgate-what-if-"

/** A temporary folder that only this user may enter; what earlier runs left behind when they were killed is removed first. */
export const makePrivateFolder = async (): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> => {
  await sweep()
  const path = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) }
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
