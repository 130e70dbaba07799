import type { Unused } from "../change.ts"
import type { Database } from "../database.ts"
import { isTwin } from "../observe/compare-indexes.ts"
import { readIndexes } from "../observe/read-indexes.ts"
import type { IndexHealth } from "../observe/read-indexes.ts"
import { readScans } from "../observe/read-scans.ts"
import { countStandbys } from "../observe/read-standbys.ts"

/** Days that an index must have been watched without a use before it counts as unused. */
export const leastWatchedDays = 30
/** What was seen longer ago says too little of a standby, which is not asked again. */
const freshMs = 86_400_000

/** What is so now, beside the index itself. */
export interface Present {
  readonly hasTwin: boolean
  readonly now: Date
  readonly countedSince?: string
  readonly standbys: number
}

/** Why an index that we did not make must stay, as a clause; undefined where it may go. */
export const whyKeep = (index: IndexHealth, present: Present, unused?: Unused): string | undefined => {
  const why = whyNeeded(index)
  // One that is no use to anybody, as nothing reads it, or the same one stays.
  if (why !== undefined || !index.isValid || present.hasTwin) return why
  if (index.protection.supportsForeignKey) return "a foreign key is checked by it"
  // The server's counters do not say since when: an index of yesterday has no scans either, and a replica may use it.
  if (unused === undefined) return `nobody has watched for ${leastWatchedDays} days that it is not used`
  return whyNotUnused(index, present, unused)
}

/** Why an index is needed whether or not anything reads it. */
export const whyNeeded = ({ protection }: IndexHealth): string | undefined => {
  if (protection.isConstraint) return "it is unique, or stands behind a constraint"
  if (protection.isReplicaIdentity) return "it is the table's replica identity"
  if (protection.isClustered) return "the table is clustered by it"
  if (protection.isPartition) return "it is a part of a partitioned index"
  if (protection.isOfExtension) return "an extension owns it"
  if (protection.hasExpression) return "it is over an expression, whose statistics would go with it"
  return undefined
}

const whyNotUnused = (index: IndexHealth, present: Present, unused: Unused): string | undefined => {
  if (unused.watchedDays < leastWatchedDays)
    return `it was watched for ${Math.floor(unused.watchedDays)} days, and ${leastWatchedDays} are needed`
  if (index.oid !== unused.indexId || index.definitionHash !== unused.definitionHash)
    return "it is not the index that was watched"
  const ageMs = present.now.getTime() - Date.parse(unused.until)
  if (ageMs > freshMs || ageMs < 0) return "it was not watched until today: make the report again"
  const isSameCount = index.scans === unused.scans && present.countedSince === unused.countedSince
  if (index.scans > 0 && !isSameCount) return "it has been used since the report"
  if (present.standbys > unused.standbys) return "a standby is attached that nobody has looked at"
  return undefined
}

/** As `whyKeep`, for an index of the catalog. */
export const readWhyKeep = async (
  database: Database,
  of: { readonly schema: string; readonly table: string; readonly name: string },
  now: Date,
  unused?: Unused,
): Promise<string | undefined> => {
  const indexes = await readIndexes(database, of)
  const index = indexes.find(({ name }) => name === of.name)
  if (index === undefined) return "it is not on that table"
  const { since } = await readScans(database, "primary")
  const present: Present = {
    hasTwin: indexes.some((other) => isTwin(index, other)),
    now,
    standbys: await countStandbys(database),
    ...(since === undefined ? {} : { countedSince: since }),
  }
  return whyKeep(index, present, unused)
}
