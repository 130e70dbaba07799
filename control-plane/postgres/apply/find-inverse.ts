import * as v from "valibot"
import type { ProposedChange } from "../change.ts"
import type { Database } from "../database.ts"
import { readIndex } from "./index-facts.ts"
import { RefusedChange } from "./read-change.ts"
import type { Statement } from "./read-change.ts"
import { quoteName, quoteNames } from "./sql-text.ts"

const targets = v.array(v.object({ name: v.string(), target: v.nullable(v.number()) }))
const options = v.array(v.object({ name: v.string(), value: v.string() }))

/** The statement that undoes a change, from what the catalog says now; undefined where nothing has to be undone. */
export const findInverse = async (
  database: Database,
  { schema, table }: ProposedChange,
  statement: Statement,
): Promise<string | undefined> => {
  const target = quoteNames(schema, table)
  switch (statement.kind) {
    case "create-index":
      return `DROP INDEX CONCURRENTLY ${quoteNames(schema, statement.name)}`
    case "drop-index": {
      const found = await readIndex(database, schema, statement.name)
      if (found === undefined) throw new RefusedChange(`There is no index ${schema}.${statement.name}.`)
      return found.definition.replace(/^CREATE INDEX /, "CREATE INDEX CONCURRENTLY ")
    }
    case "analyze":
      return undefined
    case "create-statistics":
      return `DROP STATISTICS ${quoteNames(statement.schema, statement.name)}`
    case "set-statistics-target": {
      const rows = v.parse(
        targets,
        await database.query(
          `SELECT attname AS name, attstattarget::int AS target FROM pg_attribute
           WHERE attrelid = $1::regclass AND attname = ANY ($2) AND NOT attisdropped`,
          [target, statement.columns],
        ),
      )
      const clauses = rows.map((row) => `ALTER COLUMN ${quoteName(row.name)} SET STATISTICS ${row.target ?? -1}`)
      return `ALTER TABLE ${target} ${clauses.join(", ")}`
    }
    case "set-table-option": {
      const rows = v.parse(
        options,
        await database.query(
          `SELECT option_name AS name, option_value AS value
           FROM pg_class, pg_options_to_table(reloptions) WHERE oid = $1::regclass`,
          [target],
        ),
      )
      const present = new Map(rows.map((row) => [row.name, row.value]))
      const kept = statement.options.filter((name) => present.has(name))
      const added = statement.options.filter((name) => !present.has(name))
      const clauses = [
        ...(kept.length === 0
          ? []
          : [
              `SET (${kept.map((name) => `${quoteName(name)} = '${(present.get(name) ?? "").replaceAll("'", "''")}'`).join(", ")})`,
            ]),
        ...(added.length === 0 ? [] : [`RESET (${added.map(quoteName).join(", ")})`]),
      ]
      return `ALTER TABLE ${target} ${clauses.join(", ")}`
    }
  }
}
