import type { QueryPlan } from "../what-if.ts"

/**
 * How far a planner's guess of a statement's rows is like what the server counted a call: 1 where they are the same, half for each
 * doubling between them. Constants that give other numbers of rows than the real ones are not much like those.
 */
export const plausibility = ({ rows, limit }: Pick<QueryPlan, "rows" | "limit">, countedRows: number): number => {
  // Who mostly stops at the limit does not show what would have come.
  if (limit !== undefined && countedRows > limit.rows / 2) return rows >= limit.rows ? 1 : likeness(rows, limit.rows)
  return likeness(rows, countedRows)
}

const likeness = (a: number, b: number): number => 2 ** -Math.abs(Math.log2((a + 1) / (b + 1)))
