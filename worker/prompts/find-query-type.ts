import { electricalTypes } from "./electrical-types.ts"
import { general, generalTypes } from "./general-types.ts"
import type { QueryType } from "./query-type.ts"

/** All query types, by name. A deployment adds its own in one more file beside these two. */
export const queryTypes: ReadonlyMap<string, QueryType> = new Map(
  [...generalTypes, ...electricalTypes].map((type) => [type.name, type]),
)

/** The query type by that name; an unknown one is `general`, with a notice that names the known ones. */
export const findQueryType = (name: string): { readonly queryType: QueryType; readonly notices: readonly string[] } => {
  const queryType = queryTypes.get(name)
  if (queryType !== undefined) return { queryType, notices: [] }
  const known = [...queryTypes.keys()].join(", ")
  return {
    queryType: general,
    notices: [`The query type "${name}" is not known, so this was answered as "general". Known types: ${known}.`],
  }
}
