import * as v from "valibot"
import type { QueryPlan } from "../../what-if.ts"

interface PlanNode {
  readonly "Node Type": string
  readonly "Total Cost": number
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

/** Reads the rows of `EXPLAIN (FORMAT JSON)`. `nameOf` gives an index's name where it stands for another's. */
export const readPlan = (rows: unknown, nameOf: (index: string) => string): QueryPlan => {
  const [
    {
      "QUERY PLAN": [{ Plan: root }],
    },
  ] = v.parse(explained, rows)
  const indexes = new Set<string>()
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
    const below = (at.Plans ?? []).map(shapeOf)
    return below.length === 0 ? own.join(" ") : `${own.join(" ")} (${below.join(", ")})`
  }
  const shape = shapeOf(root)
  return { cost: root["Total Cost"], indexes: [...indexes], shape }
}
