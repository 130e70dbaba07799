import { mkdir, open, readFile } from "node:fs/promises"
import { dirname } from "node:path"
import * as v from "valibot"
import type { Journal } from "./journal.ts"
import { entrySchema } from "./journal-entry.ts"
import type { JournalEntry } from "./journal-entry.ts"

/**
 * Keeps the journal in a file of this machine, mode 0600: a line for each record, the last of an id counts. Throws where the
 * folder can't be written, or where the file holds what is no journal.
 */
export const openFileJournal = async (file: string): Promise<Journal> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await append(file, "")
  return {
    place: `the file ${file}`,
    list: () => listFileJournal(file),
    record: (entry) => append(file, `${JSON.stringify(entry)}\n`),
  }
}

/** The entries of a file; none where there is no file. */
export const listFileJournal = async (file: string): Promise<readonly JournalEntry[]> => {
  const entries = new Map<string, JournalEntry>()
  for (const [index, line] of (await readLines(file)).entries()) {
    const entry = parseLine(line)
    if (entry === undefined) throw new Error(`Line ${index + 1} of ${file} is no record of a change; mend or move it.`)
    entries.set(entry.id, entry)
  }
  return [...entries.values()]
}

/** Whole lines only: what a process that was killed wrote half was never relied on. */
const readLines = async (file: string): Promise<readonly string[]> => {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return ""
    throw error
  })
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line.trim() !== "" && !isTorn(line))
}

const tear = "#"
const isTorn = (line: string): boolean => line.endsWith(tear)

/** A line that was written half is closed with a mark first, so that the next one stands alone. */
const append = async (file: string, line: string): Promise<void> => {
  const handle = await open(file, "a+", 0o600)
  try {
    const { size } = await handle.stat()
    const last = size === 0 ? "\n" : (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString()
    await handle.appendFile(last === "\n" ? line : `${tear}\n${line}`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const parseLine = (line: string): JournalEntry | undefined => {
  try {
    const parsed = v.safeParse(entrySchema, JSON.parse(line))
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined
  }
}
