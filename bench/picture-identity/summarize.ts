import type { Row } from "../report.ts"
import { row } from "../report.ts"
import type { Verdict } from "./judge-pair.ts"
import type { Group } from "./variants.ts"

export interface Judged {
  readonly group: Group
  readonly what: string
  readonly verdict: Verdict
}

/** Changes that make a picture say something else. */
const changes: ReadonlySet<Group> = new Set(["edit", "stretch", "pale"])

export const summarize = (pairs: readonly Judged[]): readonly Row[] => {
  const of = (...groups: readonly Group[]) => pairs.filter(({ group }) => groups.includes(group))
  const changed = pairs.filter(({ group }) => changes.has(group))
  const count = (among: readonly Judged[], accepts: (verdict: Verdict) => boolean): number =>
    among.filter(({ verdict }) => accepts(verdict)).length
  const percent = (among: readonly Judged[], accepts: (verdict: Verdict) => boolean): number =>
    among.length === 0 ? 0 : (100 * count(among, accepts)) / among.length
  const levels = (among: readonly Judged[], window: 0 | 1): readonly number[] =>
    among.map(({ verdict }) => verdict.levels[window])
  const accepted = (verdict: Verdict): boolean => verdict.accepted
  return [
    row("pairs judged", pairs.length, "pairs"),
    row("digits, values, revisions, wires changed", of("edit").length, "pairs"),
    row("… of them taken for the same", count(of("edit"), accepted), "pairs", { target: 0 }),
    row(
      "… by the hash alone",
      count(of("edit"), ({ hash }) => hash),
      "pairs",
    ),
    row("soft, stretched by 1 or 2 %, taken for the same", count(of("stretch"), accepted), "pairs", { target: 0 }),
    row("other pale pictures, taken for the same", count(of("pale"), accepted), "pairs", { target: 0 }),
    row("re-encodes at quality ≥ 50", of("re-encode").length, "pairs"),
    row(
      "… of them not recognized",
      percent(of("re-encode"), (verdict) => !verdict.accepted),
      "%",
      { target: 1 },
    ),
    row("resized to 50 to 95 %, taken for the same", percent(of("resize"), accepted), "%"),
    row(
      "wrongly the same without the windows",
      count(changed, ({ shape, hash }) => shape && hash),
      "pairs",
    ),
    row(
      "wrongly the same without the hash",
      count(changed, ({ shape, window }) => shape && window),
      "pairs",
    ),
    row(
      "wrongly the same without the shape",
      count(changed, ({ hash, window }) => hash && window),
      "pairs",
    ),
    row("worst 8 × 8 window of a re-encode", Math.max(...levels(of("re-encode"), 0)), "levels"),
    row("worst 8 × 8 window of the least edit", Math.min(...levels(of("edit"), 0)), "levels"),
    row("worst 4 × 4 window of a re-encode", Math.max(...levels(of("re-encode"), 1)), "levels"),
    row("worst 4 × 4 window of the least edit", Math.min(...levels(of("edit"), 1)), "levels"),
    row("hash of a re-encode, most", Math.max(0, ...of("re-encode").map(({ verdict }) => verdict.hashBits)), "bits"),
  ]
}
