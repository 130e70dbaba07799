import { leastWatchedDays, whyNeeded } from "../apply/may-drop.ts"
import { showBytes } from "../apply/show-bytes.ts"
import { quoteName } from "../candidates/syntax-tree.ts"
import type { Hint, ProposedChange, Unused } from "../change.ts"
import { isCovered, isTwin } from "../observe/compare-indexes.ts"
import type { IndexHealth } from "../observe/read-indexes.ts"
import { unusedDays } from "./watch-index.ts"
import type { History } from "./history.ts"

export interface IndexWatch {
  /** The newest snapshot is of now. */
  readonly history: History
  /** Standbys that replicate from here; each has to be looked at before an index counts as unused. */
  readonly standbysAttached: number
  /** Smaller ones may be unused without a word. */
  readonly leastBytes: number
}

/** Indexes, the largest first, that are broken, say the same as another, or serve nobody. One hint each at most. */
export const indexHints = (indexes: readonly IndexHealth[], watch: IndexWatch): readonly Hint[] =>
  indexes.flatMap((index, at): readonly Hint[] => {
    const found =
      invalidHint(index) ?? twinHint(index, at, indexes) ?? coveredHint(index, indexes) ?? unusedHint(index, watch)
    return found === undefined ? [] : [found]
  })

const invalidHint = (index: IndexHealth): Hint | undefined => {
  if (index.isValid) return undefined
  const message = `is invalid: a build of it was cut, and it serves nobody (${showBytes(index.sizeBytes)}).`
  return dropHint(index, message, whyNeeded(index) === undefined ? {} : undefined)
}

/** Of two that are the same a key stays, else the first. */
const twinHint = (index: IndexHealth, at: number, indexes: readonly IndexHealth[]): Hint | undefined => {
  if (isKept(index)) return undefined
  const twin = indexes.find((other, place) => isTwin(index, other) && (isKept(other) || place < at))
  if (twin === undefined) return undefined
  const message = `is the same as ${quoteName(twin.name)}, and takes ${showBytes(index.sizeBytes)} more.`
  return dropHint(index, message, whyNeeded(index) === undefined ? {} : undefined)
}

/** A wider index is slower to read from end to end: that it goes is for a person to say. */
const coveredHint = (index: IndexHealth, indexes: readonly IndexHealth[]): Hint | undefined => {
  if (isKept(index)) return undefined
  const wider = indexes.find((other) => isCovered(index, other))
  if (wider === undefined) return undefined
  return dropHint(
    index,
    `is what ${quoteName(wider.name)} begins with, and takes ${showBytes(index.sizeBytes)} more (${quoteName(wider.name)}: ${showBytes(wider.sizeBytes)}).`,
  )
}

/** Indexes that nothing may replace, whatever another one answers. */
const isKept = ({ protection }: IndexHealth): boolean =>
  protection.isConstraint ||
  protection.isReplicaIdentity ||
  protection.isClustered ||
  protection.isPartition ||
  protection.isOfExtension

const unusedHint = (index: IndexHealth, watch: IndexWatch): Hint | undefined => {
  if (index.sizeBytes < watch.leastBytes || whyNeeded(index) !== undefined || index.protection.supportsForeignKey)
    return undefined
  const [now] = watch.history.slice(-1)
  const [primary, ...standbys] = now?.scans ?? []
  const days = unusedDays(watch.history, index.oid)
  if (now === undefined || primary === undefined || (index.scans > 0 && days < leastWatchedDays)) return undefined
  const size = `It takes ${showBytes(index.sizeBytes)}.`
  if (days < leastWatchedDays) {
    return hintOf(
      index,
      `was not used since the server counts, and we have watched it for ${Math.floor(days)} days of ${leastWatchedDays}. ${size}`,
    )
  }
  if (watch.standbysAttached > standbys.length) {
    return hintOf(
      index,
      `was not used here in ${Math.floor(days)} days. Standbys attached: ${watch.standbysAttached}, looked at: ${standbys.length}; name each with --replica. ${size}`,
    )
  }
  const where = standbys.length === 0 ? "" : ", here or on a standby"
  return dropHint(index, `was not used in ${Math.floor(days)} days${where}. ${size}`, {
    unused: {
      indexId: index.oid,
      definitionHash: index.definitionHash,
      watchedDays: days,
      until: now.at,
      scans: index.scans,
      ...(primary.since === undefined ? {} : { countedSince: primary.since }),
      standbys: standbys.length,
    },
  })
}

const hintOf = (index: IndexHealth, message: string): Hint => ({
  topic: "index",
  subject: `${quoteName(index.schema)}.${quoteName(index.name)}`,
  message,
})

/** `evidence` is there where `voltgate db apply --allow-drop` may do it. */
const dropHint = (index: IndexHealth, message: string, evidence?: { readonly unused?: Unused }): Hint => {
  const hint = hintOf(index, message)
  const cure = `DROP INDEX CONCURRENTLY ${hint.subject}`
  if (evidence === undefined) return { ...hint, cure }
  const change: ProposedChange = {
    kind: "drop-index",
    schema: index.schema,
    table: index.table,
    object: index.name,
    sql: `DROP INDEX ${hint.subject}`,
    reason: `It ${message}`,
    estimate: { sizeBytes: index.sizeBytes, queries: [] },
    ...evidence,
  }
  return { ...hint, cure, change }
}
