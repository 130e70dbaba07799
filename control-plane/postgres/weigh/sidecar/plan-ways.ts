import type { QueryPlan } from "../../what-if.ts"

/** The planner's settings that switch a way off, and how a plan's shape shows the way. */
const ways: Readonly<Record<string, RegExp>> = {
  enable_bitmapscan: /Bitmap Heap Scan/,
  enable_hashagg: /Hashed/,
  enable_hashjoin: /Hash Join/,
  enable_indexonlyscan: /Index Only Scan/,
  // Switches off both kinds.
  enable_indexscan: /Index (?:Only )?Scan/,
  enable_material: /Materialize/,
  enable_memoize: /Memoize/,
  enable_mergejoin: /Merge Join/,
  enable_nestloop: /Nested Loop/,
  enable_seqscan: /Seq Scan/,
}

/** Settings that let a planner go only the ways that a plan goes; `memoize` came with 14. */
export const settingsLike = ({ shape }: QueryPlan): readonly string[] =>
  Object.entries(ways).flatMap(([setting, shown]) => (shown.test(shape) ? [] : [setting]))
