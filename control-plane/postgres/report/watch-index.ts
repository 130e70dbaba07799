import type { ServerScans } from "../observe/read-scans.ts"
import { growth } from "./history.ts"
import type { History } from "./history.ts"

const dayMs = 86_400_000

/**
 * For how many days, going back from the newest snapshot, somebody has watched an index and nothing used it: the least of all
 * servers that the newest one knows. Time of which the counts were lost is not watched.
 */
export const unusedDays = (history: History, oid: string): number =>
  Math.min(...(history.at(-1)?.scans ?? []).map(({ server }) => unusedDaysOn(history, oid, server)))

const unusedDaysOn = (history: History, oid: string, server: string): number => {
  const seen = history.flatMap(({ at, scans }) => {
    const found = scans.find((each) => each.server === server)
    return found === undefined ? [] : [{ atMs: Date.parse(at), found }]
  })
  let watchedMs = 0
  for (let last = seen.length - 1; last > 0; last--) {
    const [before, after] = [seen[last - 1], seen[last]]
    const [from, to] = [countOf(before?.found, oid), countOf(after?.found, oid)]
    if (before === undefined || after === undefined || from === undefined || to === undefined) break
    const { count, isReset } = growth(from, to)
    if (count > 0) break
    // A reset that has no date, or that of an older one, happened at the last moment for all that we know.
    const resetMs = Date.parse(to.since ?? "")
    const watchedFromMs = !isReset ? before.atMs : resetMs > before.atMs ? resetMs : after.atMs
    watchedMs += Math.max(0, after.atMs - watchedFromMs)
  }
  return watchedMs / dayMs
}

const countOf = (
  scans: ServerScans | undefined,
  oid: string,
): { readonly count: number; readonly since?: string } | undefined => {
  const count = scans?.byIndex[oid]
  if (count === undefined) return undefined
  return { count, ...(scans?.since === undefined ? {} : { since: scans.since }) }
}
