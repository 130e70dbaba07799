import { rm } from "node:fs/promises"
import { join } from "node:path"
import type { SourceHost } from "../source/source-catalog.ts"
import type { Engine } from "./engine.ts"
import { findBinaries } from "./find-binaries.ts"
import { startPglite } from "./pglite-engine.ts"
import { startServer } from "./server-engine.ts"

export interface StartedEngine {
  readonly engine: Engine
  /** What makes it differ from the source's planner, in sentences. */
  readonly note: readonly string[]
}

interface EngineChoice {
  readonly folder: string
  readonly binaries: string | undefined
  readonly wanted: "automatic" | "pglite"
}

/** What PGlite is: its own version is planned as exactly by it as by a server, in twice the time. */
const pgliteMajor = 18

/**
 * Starts the engine that is nearest to the source: a server of its major version where its programs are found, else PGlite, which
 * needs none, and plans a little differently for other versions.
 */
export const startEngine = async (
  { server: { major, collatesBytewise, locale }, extensions }: SourceHost,
  { folder, binaries: given, wanted }: EngineChoice,
): Promise<StartedEngine> => {
  const pglite = async (): Promise<StartedEngine> => {
    const engine = await startPglite({
      folder,
      collatesBytewise,
      locale,
      extensions: extensions.map(({ name }) => name),
    })
    return { engine, note: engine.hasLocale ? [] : [orderNote(locale)] }
  }
  if (wanted === "pglite") return pglite()
  const binaries = await findBinaries(major, given, join(folder, "links"))
  if (binaries === undefined && major === pgliteMajor) return pglite()
  if (binaries === undefined) {
    const { engine, note } = await pglite()
    return {
      engine,
      note: [
        `For an exact answer install the programs of Postgres ${major} and name their folder in VOLTGATE_POSTGRES_BIN.`,
        ...note,
      ],
    }
  }
  try {
    const engine = await startServer({ major, binaries, folder, collatesBytewise, locale })
    return { engine, note: engine.hasLocale ? [] : [orderNote(locale)] }
  } catch {
    await rm(join(folder, "data"), { recursive: true, force: true })
    const { engine, note } = await pglite()
    return { engine, note: [`The programs of Postgres ${major} in ${binaries.folder} did not start.`, ...note] }
  }
}

const orderNote = (locale: string): string => `Ranges of text are judged in byte order, not in that of ${locale}.`
