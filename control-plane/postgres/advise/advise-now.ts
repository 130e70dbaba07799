import type { Database } from "../database.ts"
import { sampleLiveTexts } from "../observe/read-live-texts.ts"
import { readStatements } from "../observe/read-statements.ts"
import { advise } from "./advise.ts"
import type { Advice, AdviseOptions } from "./advise.ts"

/** What an index must save of all statements' time to be proposed, unless something else is asked for. */
export const usualLeastShare = 0.005

/** How long is looked at what is sent, unless something else is asked for. */
export const usualSampleS = 2

/** Advice by what the database has counted until now. Throws a StatementsMissing where it does not count. */
export const adviseNow = async (
  database: Database,
  onProgress: AdviseOptions["onProgress"],
  now: () => number = Date.now,
): Promise<Advice> =>
  advise(
    database,
    await readStatements(database),
    {
      leastShare: usualLeastShare,
      engine: "automatic",
      onProgress,
      liveTexts: await sampleLiveTexts(database, { forMs: usualSampleS * 1_000 }),
    },
    now,
  )
