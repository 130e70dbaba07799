import * as v from "valibot"
import type { QueryPlan } from "../../what-if.ts"

interface PlanNode {
  readonly "Node Type": string
  readonly "Total Cost": number
  readonly "Plan Rows": number
  readonly "Join Type"?: string | undefined
  readonly Strategy?: string | undefined
  readonly "Partial Mode"?: string | undefined
  readonly "Scan Direction"?: string | undefined
  readonly "Relation Name"?: string | undefined
  readonly Alias?: string | undefined
  readonly "Index Name"?: string | undefined
  readonly Plans?: readonly PlanNode[] | undefined
}

const node: v.GenericSchema<unknown, PlanNode> = v.object({
  "Node Type": v.string(),
  "Total Cost": v.number(),
  "Plan Rows": v.number(),
  "Join Type": v.optional(v.string()),
  Strategy: v.optional(v.string()),
  "Partial Mode": v.optional(v.string()),
  "Scan Direction": v.optional(v.string()),
  "Relation Name": v.optional(v.string()),
  Alias: v.optional(v.string()),
  "Index Name": v.optional(v.string()),
  Plans: v.optional(v.array(v.lazy(() => node))),
})
const explained = v.tuple([v.object({ "QUERY PLAN": v.tuple([v.object({ Plan: node })]) })])

/** What a plan's reader knows of the indexes in it. */
export interface PlanSurroundings {
  /** An index's name where it stands for another's. */
  readonly nameOf?: (index: string) => string
  /** Rows on a page of the table of a BRIN index; undefined for others. */
  readonly rowsPerPage?: (index: string) => number | undefined
}

/** Reads the rows of `EXPLAIN (FORMAT JSON)`. */
export const readPlan = (
  rows: unknown,
  { nameOf = (index) => index, rowsPerPage = () => undefined }: PlanSurroundings = {},
): QueryPlan => {
  const [
    {
      "QUERY PLAN": [{ Plan: root }],
    },
  ] = v.parse(explained, rows)
  const indexes = new Set<string>()
  let overcharged = 0
  const shapeOf = (at: PlanNode): string => {
    const index = at["Index Name"] === undefined ? undefined : nameOf(at["Index Name"])
    if (index !== undefined) indexes.add(index)
    const own = [
      at["Node Type"],
      at["Join Type"],
      at.Strategy,
      at["Partial Mode"],
      at["Scan Direction"] === "Backward" ? "Backward" : undefined,
      at["Relation Name"],
      at.Alias === at["Relation Name"] ? undefined : at.Alias,
      index,
    ].filter((part) => part !== undefined)
    overcharged += overchargeOf(at, rowsPerPage)
    const below = (at.Plans ?? []).map(shapeOf)
    return below.length === 0 ? own.join(" ") : `${own.join(" ")} (${below.join(", ")})`
  }
  const shape = shapeOf(root)
  return {
    cost: root["Total Cost"],
    overcharged: Math.min(overcharged, root["Total Cost"]),
    ...readLimit(root),
    indexes: [...indexes],
    shape,
  }
}

const readLimit = (root: PlanNode): Pick<QueryPlan, "rows" | "limit"> => {
  const below = root.Plans?.[0] ?? root
  if (root["Node Type"] === "Limit")
    return { rows: below["Plan Rows"], limit: { rows: root["Plan Rows"], costWithout: below["Total Cost"] } }
  return { rows: (root["Node Type"] === "ModifyTable" ? below : root)["Plan Rows"] }
}

/** `seq_page_cost`, and `cpu_tuple_cost` with one `cpu_operator_cost`, as they are by default. */
const prices = { page: 1, row: 0.0125 } as const

/**
 * A BRIN index gives ranges of pages that lie together. The planner takes their rows to be scattered over the table
 * (`compute_bitmap_pages` in costsize.c), and charges up to twenty times what they cost.
 */
const overchargeOf = (at: PlanNode, rowsPerPage: Required<PlanSurroundings>["rowsPerPage"]): number => {
  const [scan] = at.Plans ?? []
  if (at["Node Type"] !== "Bitmap Heap Scan" || scan?.["Index Name"] === undefined) return 0
  const perPage = rowsPerPage(scan["Index Name"])
  if (perPage === undefined) return 0
  const rows = scan["Plan Rows"]
  const fair = scan["Total Cost"] + (rows / perPage) * prices.page + rows * prices.row
  return Math.max(0, at["Total Cost"] - fair)
}
