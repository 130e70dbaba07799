import { advise } from "../../control-plane/postgres/advise/advise.ts"
import { openDatabase } from "../../control-plane/postgres/connect/open-database.ts"
import { sampleLiveTexts } from "../../control-plane/postgres/observe/read-live-texts.ts"
import type { LiveTexts } from "../../control-plane/postgres/observe/read-live-texts.ts"
import { readStatements } from "../../control-plane/postgres/observe/read-statements.ts"
import type { IndexList } from "./index-lists.ts"

const longestRunMs = 600_000

/** Runs something, and looks at what is sent meanwhile, as `voltgate db advise --sample` does. */
export const runSampled = async <T>(
  url: string,
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly liveTexts: LiveTexts }> => {
  await using database = await openDatabase({ url, purpose: "bench" })
  const stop = new AbortController()
  const sampling = sampleLiveTexts(database, { forMs: longestRunMs, signal: stop.signal })
  const result = await run().finally(() => stop.abort())
  return { result, liveTexts: await sampling }
}

/** Our advice for what the server has counted, and how long it took. */
export const adviseOurs = async (url: string, budgetBytes: number, liveTexts: LiveTexts) => {
  await using database = await openDatabase({ url, purpose: "bench" })
  const statements = await readStatements(database)
  const startedAt = performance.now()
  const { changes, candidates } = await advise(
    database,
    statements,
    { budgetBytes, leastShare, engine: "automatic", liveTexts, onProgress: () => undefined },
    Date.now,
  )
  const ours: IndexList = { name: "ours", statements: changes.map(({ sql }) => sql) }
  return { ours, candidates: candidates.considered, adviceMs: performance.now() - startedAt }
}

/** What the budget is for: lower than usual, so that all of it may be given away. */
const leastShare = 0.0002
