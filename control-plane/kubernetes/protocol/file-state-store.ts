import { createHash } from "node:crypto"
import { mkdir, open, readFile, rename } from "node:fs/promises"
import { dirname } from "node:path"
import { boundState } from "./state.ts"
import { parseState, StateConflict } from "./state-store.ts"
import type { StateStore } from "./state-store.ts"

/**
 * Keeps the state in a file of this machine, for cron on one machine. The version is a hash of what the file holds; a new
 * file takes the old one's place in one step, on disk before.
 */
export const createFileStateStore = (file: string): StateStore => {
  const read = async (): Promise<string> => {
    try {
      return await readFile(file, "utf8")
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return ""
      throw error
    }
  }
  const load: StateStore["load"] = async () => {
    const text = await read()
    return { state: parseState(text, file), ...(text === "" ? {} : { version: versionOf(text) }) }
  }
  return {
    place: file,
    load,
    save: async ({ state, version }) => {
      const present = await read()
      if ((present === "" ? undefined : versionOf(present)) !== version) {
        throw new StateConflict("Another instance saved its state in between.")
      }
      const bounded = boundState(state)
      const text = JSON.stringify(bounded)
      await mkdir(dirname(file), { recursive: true, mode: 0o700 })
      const next = `${file}.${process.pid}.new`
      const handle = await open(next, "w", 0o600)
      try {
        await handle.writeFile(text)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(next, file)
      return { state: bounded, version: versionOf(text) }
    },
  }
}

const versionOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32)
