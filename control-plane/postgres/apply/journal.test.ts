import { appendFile, mkdtemp, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { openFileJournal } from "./file-journal.ts"
import { move } from "./journal-entry.ts"
import type { JournalEntry } from "./journal-entry.ts"
import { indexOn } from "./testing.ts"

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "voltgate-journal-"))
})
afterEach(() => rm(folder, { recursive: true }))

const entry: JournalEntry = { id: "c1", change: indexOn("note"), state: "planned", history: [] }
const at = new Date("2026-11-26T10:00:00Z")

test("gives each entry as it was recorded last, the oldest first, to this user alone", async () => {
  const file = join(folder, "state", "changes.jsonl")
  const journal = await openFileJournal(file)
  const building = move(entry, "building", "It begins.", at)
  await journal.record(entry)
  await journal.record({ ...entry, id: "c2" })
  await journal.record(building)
  expect(await (await openFileJournal(file)).list()).toEqual([building, { ...entry, id: "c2" }])
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test("a line that was cut off in the middle is left out, and the next one is whole", async () => {
  const file = join(folder, "changes.jsonl")
  const journal = await openFileJournal(file)
  await journal.record(entry)
  await appendFile(file, JSON.stringify({ ...entry, id: "c2" }).slice(0, 40))
  expect(await journal.list()).toEqual([entry])
  await journal.record({ ...entry, id: "c3" })
  expect((await journal.list()).map(({ id }) => id)).toEqual(["c1", "c3"])
})

test("a file that holds something else is not taken for a journal", async () => {
  const file = join(folder, "changes.jsonl")
  await writeFile(file, "hello\n")
  await expect((await openFileJournal(file)).list()).rejects.toThrow(/Line 1 of .* is no record of a change/)
})
