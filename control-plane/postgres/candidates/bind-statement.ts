import { deparse, parse } from "pgsql-parser"
import type { Table } from "../observe/read-tables.ts"
import type { ExplainableQuery } from "../what-if.ts"
import { parameterHints } from "./parameter-hints.ts"
import { constantFor, likelihoodOf, variants } from "./sample-constant.ts"
import { isNode, list, replace } from "./syntax-tree.ts"

/** One way to fill in a statement's parameters. */
export interface LikelyQuery extends ExplainableQuery {
  /** How likely such values are to be asked for beside others: above 0. */
  readonly likelihood: number
}

export type Bound =
  | { readonly kind: "bound"; readonly tree: unknown; readonly queries: readonly LikelyQuery[] }
  | { readonly kind: "skipped"; readonly reason: string }

/** The server's own limit for a statement's text (track_activity_query_size is for others): what is longer was cut. */
const mostCharacters = 1_000_000
const explained: ReadonlySet<string> = new Set(["SelectStmt", "UpdateStmt", "DeleteStmt", "InsertStmt", "MergeStmt"])

/**
 * Makes a normalized statement one that can be planned: its parameters become constants of the columns that they are compared
 * with: common ones and rare ones. What cannot be read is skipped, with a reason.
 */
export const bindStatement = async (text: string, tables: readonly Table[]): Promise<Bound> => {
  if (text.length > mostCharacters) return { kind: "skipped", reason: "it is too long" }
  let tree: unknown
  try {
    const parsed: unknown = await parse(text)
    const statements = isNode(parsed) ? list(parsed["stmts"]) : []
    if (statements.length !== 1) return { kind: "skipped", reason: "it is not one statement" }
    const [statement] = statements
    tree = isNode(statement) ? statement["stmt"] : undefined
  } catch {
    return { kind: "skipped", reason: "it cannot be read: it may have been cut" }
  }
  const [kind] = isNode(tree) ? Object.keys(tree) : []
  if (kind === undefined || !explained.has(kind)) return { kind: "skipped", reason: "it is no query" }
  const hints = parameterHints(tree, tables)
  const queries = new Map<string, LikelyQuery>()
  for (const variant of variants) {
    const bound = replace(tree, (node) => constantFor(node, hints, variant))
    try {
      // The tree is the parser's own, with constants in it.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const sql = await deparse(bound as Parameters<typeof deparse>[0])
      if (!queries.has(sql)) queries.set(sql, { sql, likelihood: likelihoodOf(hints, variant) })
    } catch {
      return { kind: "skipped", reason: "it cannot be written with constants" }
    }
  }
  return { kind: "bound", tree, queries: [...queries.values()] }
}
