import { showBytes } from "../apply/show-bytes.ts"
import { quoteName } from "../candidates/syntax-tree.ts"
import type { Hint } from "../change.ts"
import type { Bloat } from "../observe/bloat/find-bloat.ts"

const leastBytes = 50 * 1_048_576
/** A B-tree in use is about two thirds full, as pages split in halves: only what is well below is worth building anew. */
const leastShare = { table: 0.3, index: 0.5 } as const

/** Tables and B-trees that would be much smaller if they were written anew. */
export const bloatHints = (bloat: readonly Bloat[]): readonly Hint[] =>
  bloat
    .filter(({ kind, bloatBytes, sizeBytes }) => bloatBytes >= leastBytes && bloatBytes >= leastShare[kind] * sizeBytes)
    .map(({ kind, schema, name, bloatBytes, sizeBytes, isMeasured }): Hint => {
      const subject = `${quoteName(schema)}.${quoteName(name)}`
      const how = isMeasured ? "as pgstattuple has measured" : "by an estimate from its columns' statistics"
      const holds = `${showBytes(bloatBytes)} of ${showBytes(sizeBytes)} hold nothing, ${how}`
      return kind === "index"
        ? { topic: "bloat", subject, message: `${holds}.`, cure: `REINDEX INDEX CONCURRENTLY ${subject}` }
        : {
            topic: "bloat",
            subject,
            message: `${holds}; new rows fill them. To give them back, VACUUM FULL locks the table as long as it takes; pg_repack does not.`,
            cure: `VACUUM (FULL, ANALYZE) ${subject}`,
          }
    })
