import type { QueryType } from "./query-type.ts"

/** The answer as JSON, where the query type asks for JSON and the model kept to it. */
export const readStructured = (answer: string, queryType: QueryType | undefined): unknown => {
  if (queryType?.schema === undefined) return undefined
  try {
    return JSON.parse(answer)
  } catch {
    return undefined
  }
}
