import { stableJson } from "../cache/cache-key.ts"
import { canonicalForm } from "../cache/canonical-form.ts"
import { readStructured } from "../prompts/read-structured.ts"
import type { QueryType } from "../prompts/query-type.ts"

/** Whether two answers say the same: their values where the type asks for JSON, else their words. */
export const sameAnswer = (one: string, other: string, queryType: QueryType | undefined): boolean => {
  const [left, right] = [readStructured(one, queryType), readStructured(other, queryType)]
  if (left !== undefined && right !== undefined) return stableJson(left) === stableJson(right)
  return canonicalForm(one, 1) === canonicalForm(other, 1)
}
