import { Client } from "pg"
import { expect, test } from "vitest"
import { startPostgres } from "../../../dev/postgres/start-postgres.ts"
import type { ServerHealth } from "../observe/read-server.ts"
import { readServer } from "../observe/read-server.ts"
import { asDatabase } from "../weigh/engine/server-engine.ts"
import { settingHints } from "./setting-hints.ts"
import type { SettingFacts } from "./setting-hints.ts"

const [mega, giga] = [1_048_576, 1_073_741_824]
const healthy: ServerHealth = {
  version: 180_000,
  settings: {
    shared_buffers: 4 * giga,
    effective_cache_size: 12 * giga,
    work_mem: 4 * mega,
    random_page_cost: 4,
    max_wal_size: giga,
    checkpoint_timeout: 300,
    autovacuum_max_workers: 3,
    autovacuum_vacuum_cost_limit: -1,
    vacuum_cost_limit: 200,
    max_connections: 100,
  },
  hasAutovacuum: true,
  timesReads: true,
  tempFiles: 0,
  tempBytes: 0,
  checkpoints: { timed: 1_000, requested: 20, days: 10 },
  largeTables: { blocks: 1_000_000, hitShare: 0.9 },
  overdueTables: 0,
  busyWorkers: 0,
}
const small = { ...healthy.settings, shared_buffers: 128 * mega, effective_cache_size: 4 * giga }

test("a server whose counts speak against nothing is left alone", () => {
  expect(settingHints({ server: healthy, hitShare: 0.99, memoryBytes: 16 * giga })).toEqual([])
})

test.each<[string, Partial<ServerHealth>, Omit<SettingFacts, "server">, string, RegExp]>([
  ["times nothing", { timesReads: false }, {}, "track_io_timing = on; SELECT pg_reload_conf()", /nobody knows/],
  ["does not clean up", { hasAutovacuum: false }, {}, "autovacuum = on; SELECT pg_reload_conf()", /is off/],
  [
    "has its large tables in memory",
    { largeTables: { blocks: 1_000_000, hitShare: 0.997 } },
    {},
    "random_page_cost = 1.1; SELECT pg_reload_conf()",
    /99\.7 % of the blocks of tables above 100 MB/,
  ],
  [
    "reads much from disk",
    { settings: small },
    { hitShare: 0.8, memoryBytes: 6 * giga },
    "shared_buffers = '1536MB'",
    /80 % .* next start/,
  ],
  [
    "has more memory than it knows",
    { settings: small },
    { hitShare: 0.99, memoryBytes: 16 * giga },
    "effective_cache_size = '12288MB'; SELECT pg_reload_conf()",
    /is 4\.0 GB on a machine of 16\.0 GB/,
  ],
  [
    "writes temporary files",
    { tempFiles: 40, tempBytes: 40 * 10 * mega },
    {},
    "work_mem = '32MB'; SELECT pg_reload_conf()",
    /40 files of 10\.0 MB/,
  ],
  [
    "writes its log faster than by time",
    { checkpoints: { timed: 100, requested: 900, days: 1 } },
    {},
    "max_wal_size = '2048MB'; SELECT pg_reload_conf()",
    /900 of 1000 checkpoints .* each 86 s/,
  ],
  [
    "vacuums too slowly",
    { overdueTables: 9 },
    {},
    "autovacuum_vacuum_cost_limit = 400; SELECT pg_reload_conf()",
    /is 200, and 9 tables/,
  ],
])("one that %s is told the setting and its value", (_, server, facts, value, message) => {
  expect(settingHints({ server: { ...healthy, ...server }, ...facts })).toEqual([
    {
      topic: "setting",
      subject: value.split(" ")[0],
      message: expect.stringMatching(message),
      cure: `ALTER SYSTEM SET ${value}`,
    },
  ])
})

test("more workers only where all are busy, from the next start on before 18", () => {
  const busy = { ...healthy, overdueTables: 9, busyWorkers: 3 }
  expect(settingHints({ server: busy })[1]?.cure).toBe(
    "ALTER SYSTEM SET autovacuum_max_workers = 5; SELECT pg_reload_conf()",
  )
  expect(settingHints({ server: { ...busy, version: 170_000 } })[1]?.message).toMatch(/next start/)
})

test.each<[string, Partial<ServerHealth>, Omit<SettingFacts, "server">]>([
  ["few reads of large tables", { largeTables: { blocks: 5_000, hitShare: 1 } }, {}],
  [
    "costs that were lowered",
    { settings: { ...healthy.settings, random_page_cost: 1.1 }, largeTables: { blocks: 1e6, hitShare: 1 } },
    {},
  ],
  [
    "files that more memory for each session could not hold",
    { tempFiles: 40, tempBytes: 400 * mega },
    { memoryBytes: giga / 2 },
  ],
  ["checkpoints that people asked for", { checkpoints: { timed: 10, requested: 90, days: 30 } }, {}],
])("no word for %s", (_, server, facts) => {
  const said = settingHints({ server: { ...healthy, ...server }, ...facts }).map(({ subject }) => subject)
  expect(said.filter((subject) => subject !== "effective_cache_size")).toEqual([])
})

test.each([14, 18] as const)(
  "Postgres %i takes each value, and tells what the rules ask for",
  async (major) => {
    await using server = await startPostgres(major, { max_wal_size: "1GB" })
    const client = new Client({ connectionString: server.url })
    await client.connect()
    await client.query("CREATE TABLE t AS SELECT n, md5(n::text) m FROM generate_series(1, 60000) n")
    await client.query("SET work_mem = '64kB'")
    await client.query("SELECT count(*) FROM (SELECT m FROM t ORDER BY m OFFSET 1) s")
    await client.query("CHECKPOINT")
    const read = () => readServer(asDatabase(client))
    await expect.poll(async () => (await read()).tempFiles, { timeout: 10_000 }).toBeGreaterThan(0)
    const found = await read()
    expect(found.settings).toMatchObject({ shared_buffers: 256 * mega, max_wal_size: giga, checkpoint_timeout: 300 })
    expect(found.checkpoints.requested).toBeGreaterThan(0)
    const everything = settingHints({
      server: {
        ...found,
        settings: { ...found.settings, autovacuum_max_workers: 3, effective_cache_size: 4 * giga, work_mem: mega },
        timesReads: false,
        largeTables: { blocks: 1_000_000, hitShare: 1 },
        tempFiles: 10,
        tempBytes: 70 * mega,
        checkpoints: { timed: 1, requested: 900, days: 1 },
        overdueTables: 9,
        busyWorkers: 3,
      },
      hitShare: 0.5,
      memoryBytes: 16 * giga,
    })
    expect(everything).toHaveLength(8)
    for (const { cure = "" } of everything) {
      // ALTER SYSTEM stands alone, as `psql` sends it.
      for (const statement of cure.split("; ")) await client.query(statement)
    }
    await client.end()
  },
  60_000,
)
