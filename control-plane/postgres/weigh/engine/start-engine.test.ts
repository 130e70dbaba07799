import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { findBinaries } from "./find-binaries.ts"
import { startEngine } from "./start-engine.ts"

const withFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), "voltgate-engine-"))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test(
  "a version without programs is planned by PGlite, with a note that says how to be exact",
  () =>
    withFolder(async (folder) => {
      const server = { major: 13, collatesBytewise: false, locale: "de_DE.UTF-8", searchPath: "public" }
      const { engine, note } = await startEngine(
        { server, extensions: [] },
        { folder, binaries: undefined, wanted: "automatic" },
      )
      try {
        expect(engine.major).toBe(18)
        expect(note.join(" ")).toMatch(/Postgres 13.*VOLTGATE_POSTGRES_BIN.*not in that of de_DE/)
        const rows = await engine.session.query(
          "EXPLAIN SELECT FROM pg_class WHERE relname LIKE 'a%' COLLATE \"default\"",
        )
        expect(rows.length).toBeGreaterThan(0)
      } finally {
        await engine[Symbol.asyncDispose]()
      }
    }),
  30_000,
)

test("programs of another version than the source's are not taken, nor a folder without any", () =>
  withFolder(async (folder) => {
    const links = join(folder, "links")
    const installed = await findBinaries(14, undefined, links)
    expect(installed).toBeDefined()
    expect(await findBinaries(13, installed?.folder, links)).toBeUndefined()
    expect(await findBinaries(13, folder, links)).toBeUndefined()
  }))
