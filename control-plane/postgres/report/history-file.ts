import { createHash } from "node:crypto"
import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import * as v from "valibot"
import { HistorySchema } from "./history.ts"
import type { History } from "./history.ts"

/** Where a database's snapshots lie: one file for each, by its address without the login. */
export const historyFile = (stateFolder: string, url: string): string => {
  const { hostname, port, pathname } = new URL(url)
  const hash = createHash("sha256").update(`${hostname}:${port}${pathname}`).digest("hex").slice(0, 12)
  return join(stateFolder, `report-${hash}.json`)
}

/** What cannot be read is no history, and nothing worse. */
export const readHistory = async (file: string): Promise<History> => {
  const text = await readFile(file, "utf8").catch(() => "")
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), HistorySchema), text)
  return parsed.success ? parsed.output : []
}

export const keepHistory = async (file: string, history: History): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, JSON.stringify(history), { mode: 0o600 })
  await rename(`${file}.new`, file)
}
