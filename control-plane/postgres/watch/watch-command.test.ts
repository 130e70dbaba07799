import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { voltgate } from "../../testing.ts"
import { createOrders, indexOn, startTestServer } from "../apply/testing.ts"
import type { TestServer } from "../apply/testing.ts"
import { historyFile, readHistory } from "../report/history-file.ts"

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startTestServer(18)
  folder = await mkdtemp(join(tmpdir(), "voltgate-watch-"))
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const adviceOf = async (name: string, column: string): Promise<string> => {
  const file = join(folder, name)
  const sql = `CREATE INDEX voltgate_${column} ON public.orders (${column}) WHERE note <> 'anna@example.com'`
  await writeFile(file, JSON.stringify({ changes: [indexOn(column, { sql })] }))
  return file
}

test("apply shows what it would do, does it when told to, lists it, and undoes it", async () => {
  const database = await server.createDatabase("by_command")
  await createOrders(database, 1_000)
  const file = await adviceOf("advice.json", "customer_id")
  const environment = { DATABASE_URL: database.url, VOLTGATE_STATE: folder }
  const shown = await voltgate(["db", "apply", "--from", file], environment)
  expect(shown).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("Nothing was changed. Add --yes to do it."),
  })
  expect(await database.query("SELECT to_regnamespace('voltgate') AS made")).toEqual([{ made: null }])
  const done = await voltgate(["db", "apply", "--from", file, "--yes", "--json"], environment)
  expect(done.exitCode).toBe(0)
  // What people see hides the value that the index's condition holds; the index itself and the journal have it.
  const listed = await voltgate(["db", "apply", "--list", "--json"], environment)
  for (const { stdout } of [shown, done, listed]) {
    expect(stdout).toContain("WHERE note <> ?")
    expect(stdout).not.toContain("anna@example.com")
  }
  expect(await database.query("SELECT entry::text LIKE '%anna@example.com%' AS whole FROM voltgate.change")).toEqual([
    { whole: true },
  ])
  expect(JSON.parse(done.stdout)).toMatchObject({ entries: [{ state: "verifying" }], refused: [] })
  expect((await voltgate(["db", "apply", "--list"], environment)).stdout).toMatch(
    /^id +state .*\nc-[0-9a-f]{8} +verifying/,
  )
  const reverted = await voltgate(["db", "revert", "--last"], environment)
  expect(reverted).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(": reverted. Somebody asked for it.") })
  const again = await voltgate(["db", "apply", "--from", file, "--yes"], environment)
  expect(again).toMatchObject({ exitCode: 3, stdout: expect.stringContaining("is not tried again before") })
}, 40_000)

test("watch makes a change, and tells people by webhook what and why, without a value of a row", async () => {
  const database = await server.createDatabase("watched")
  await createOrders(database, 1_000)
  const received: string[] = []
  const receiver = createServer((request, response) => {
    let body = ""
    request.on("data", (part: Buffer) => (body += part.toString()))
    request.on("end", () => {
      received.push(body)
      response.end()
    })
  })
  await new Promise<void>((resolve) => void receiver.listen(0, "127.0.0.1", resolve))
  const address = receiver.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const args = ["db", "watch", "--once", "--apply", "--json", "--from", await adviceOf("watched.json", "id")]
  const ran = await voltgate(args, {
    DATABASE_URL: database.url,
    VOLTGATE_STATE: folder,
    VOLTGATE_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
    VOLTGATE_WEBHOOK_SECRET: "sixteen bytes, or more",
  })
  receiver.close()
  expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("WHERE note <> ?") })
  expect(JSON.parse(ran.stdout)).toMatchObject({ advised: 1, entries: [{ state: "verifying" }] })
  expect(ran.stdout).not.toContain("anna@example.com")
  expect(received).toHaveLength(1)
  expect(received[0]).toContain("create-index voltgate_id on public.orders: made, and watched")
  expect(received[0]).toContain("Reads of orders look for it.")
  expect(received[0]).not.toContain("anna@example.com")
}, 30_000)

test("the first cycle of a day keeps a snapshot for the report, later ones leave it", async () => {
  const database = await server.createDatabase("remembered")
  await createOrders(database, 1_000)
  await database.query("CREATE INDEX by_note ON orders (note)")
  const file = historyFile(folder, database.url)
  const environment = { DATABASE_URL: database.url, VOLTGATE_STATE: folder }
  expect((await voltgate(["db", "watch", "--once"], environment)).exitCode).toBe(0)
  const [first, ...more] = await readHistory(file)
  expect(more).toEqual([])
  expect(first?.scans).toMatchObject([{ server: "primary" }])
  expect(Object.values(first?.scans[0]?.byIndex ?? {})).toContain(0)
  expect((await voltgate(["db", "watch", "--once"], environment)).exitCode).toBe(0)
  expect(await readHistory(file)).toEqual([first])
  const yesterday = { ...first, at: new Date(Date.now() - 86_400_000).toISOString() }
  await writeFile(file, JSON.stringify([yesterday]))
  expect((await voltgate(["db", "watch", "--once"], environment)).exitCode).toBe(0)
  expect(await readHistory(file)).toMatchObject([yesterday, {}])
}, 30_000)

test("a database out of reach is a sentence, and wrong options are wrong usage", async () => {
  const gone = await voltgate(["db", "watch", "--once", "--url", "postgres://nobody:secret@127.0.0.1:9/none"])
  expect(gone).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("the connection broke (ECONNREFUSED)") })
  expect(gone.stdout + gone.stderr).not.toContain("secret")
  expect(
    (await voltgate(["db", "watch", "--once", "--every", "15m", "--url", "postgres://127.0.0.1/none"])).exitCode,
  ).toBe(2)
  expect((await voltgate(["db", "apply", "--window", "at night", "--url", "postgres://127.0.0.1/none"])).exitCode).toBe(
    2,
  )
  expect((await voltgate(["db", "revert"])).exitCode).toBe(2)
}, 20_000)
