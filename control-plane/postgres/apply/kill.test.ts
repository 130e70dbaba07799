import { spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { systemClock } from "./clock.ts"
import type { JournalEntry } from "./journal-entry.ts"
import { asOnlyRun } from "./open-run.ts"
import { undo } from "./revert.ts"
import { createOrders, invalidIndexes, runSettings, startTestServer } from "./testing.ts"
import type { TestServer } from "./testing.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(18)
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

/** `VOLTGATE_KILLS=200` repeats the figure of docs/postgres.md. */
const kills = Number(process.env["VOLTGATE_KILLS"] ?? 50)
const program = fileURLToPath(new URL("testing-child.ts", import.meta.url))

const spawnChild = async (url: string, object: string): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [program, url, object], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "voltgate-compile-cache") },
  })
  if (child.stdout !== null) await once(child.stdout, "data")
  return child
}

test(`a process killed at ${kills} random moments leaves, after the next run, no invalid index and a true record`, async () => {
  const database = await server.createDatabase("killed")
  await createOrders(database, 100_000)
  await using session = await database.open()
  const settings = runSettings(database.url)
  const found = new Map<string, number>()
  let wholeMs = 0
  let next = spawnChild(database.url, "voltgate_k0")
  for (let round = 0; round <= kills; round++) {
    const object = `voltgate_k${round}`
    const child = await next
    const ended = once(child, "exit")
    const start = performance.now()
    child.stdin?.write("go\n")
    const whole = ended.then(() => performance.now() - start)
    // The first runs to its end: the others are killed at any moment of the time that the last whole one took.
    if (round > 0) {
      const delay = systemClock.sleep(Math.random() * wholeMs)
      await Promise.race([delay, ended])
      child.kill("SIGKILL")
    }
    const tookMs = await whole
    if (child.signalCode === null) wholeMs = tookMs
    next = spawnChild(database.url, `voltgate_k${round + 1}`)
    const entry = await asOnlyRun({ ...settings, lockWaitMs: 10_000 }, async (run) =>
      (await run.journal.list()).find(({ id }) => id === object),
    )
    expect(await invalidIndexes(session)).toEqual([])
    const [there] = await session.query("SELECT to_regclass($1) IS NOT NULL AS there", [object])
    expect([object, entry?.state, there?.["there"]]).toEqual([object, entry?.state, claims(entry)])
    found.set(entry?.state ?? "no entry", (found.get(entry?.state ?? "no entry") ?? 0) + 1)
    if (entry?.state === "verifying") await asOnlyRun(settings, (run) => undo(run, entry, "The round is over."))
  }
  ;(await next).kill("SIGKILL")
  // The moments were not all alike.
  expect(found.size).toBeGreaterThanOrEqual(3)
}, 900_000)

/** Whether the record says that the index is there. */
const claims = (entry: JournalEntry | undefined): boolean => {
  switch (entry?.state) {
    case undefined:
    case "failed":
    case "abandoned":
    case "reverted":
      return false
    case "verifying":
      return true
    case "planned":
    case "building":
    case "built":
    case "reverting":
    case "kept":
      throw new Error(`After a run nothing may be left as ${entry.state}.`)
  }
}
