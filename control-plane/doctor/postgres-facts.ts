import type { Client } from "pg"
import * as v from "valibot"
import { ok, warning } from "./check.ts"
import type { Check } from "./check.ts"
import { codeOf } from "./why-unreachable.ts"

export interface PostgresFacts {
  /** As in server_version_num: 160004 is 16.4. */
  readonly versionNumber: number
  readonly tableExists: boolean
  readonly mayInsert: boolean
  /** Whether the server has the files of pg_stat_statements. */
  readonly statementsAvailable: boolean
  /** The view's name with its schema, quoted; null while the extension is not created in this database. */
  readonly statementsView: string | null
}

const Facts: v.GenericSchema<unknown, PostgresFacts> = v.object({
  versionNumber: v.number(),
  tableExists: v.boolean(),
  mayInsert: v.boolean(),
  statementsAvailable: v.boolean(),
  statementsView: v.nullable(v.string()),
})

// The catalogs are asked by name and not by regclass, which fails for who may not use the schema.
const factsSql = `
  with history as (
    select c.oid as relation, n.oid as namespace
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'electrical_analysis' and c.relname = 'analyses' and c.relkind in ('r', 'p')
  )
  select
    current_setting('server_version_num')::int as "versionNumber",
    exists (select from history) as "tableExists",
    exists (
      select from history
      where has_schema_privilege(namespace, 'usage') and has_table_privilege(relation, 'insert')
    ) as "mayInsert",
    exists (
      select from pg_catalog.pg_available_extensions where name = 'pg_stat_statements'
    ) as "statementsAvailable",
    (
      select pg_catalog.format('%I.pg_stat_statements', n.nspname)
      from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
      where e.extname = 'pg_stat_statements'
    ) as "statementsView"`

/** Everything that one look into the catalogs tells. */
export const readFacts = async (client: Pick<Client, "query">): Promise<PostgresFacts> => {
  const { rows } = await client.query<Record<string, unknown>>(factsSql)
  return v.parse(Facts, rows[0])
}

const name = "Query statistics"
const preload = "Set shared_preload_libraries = 'pg_stat_statements' and restart Postgres"
const create = "CREATE EXTENSION pg_stat_statements;"

/** Whether Postgres counts its statements, by looking. */
export const checkStatements = async (
  client: Pick<Client, "query">,
  { statementsView, statementsAvailable }: Pick<PostgresFacts, "statementsView" | "statementsAvailable">,
): Promise<Check> => {
  if (statementsView === null) {
    return statementsAvailable
      ? warning(name, "pg_stat_statements is not created in this database.", `${preload}, then: ${create}`)
      : warning(
          name,
          "This server does not come with pg_stat_statements.",
          `Install Postgres's contrib package. ${preload}, then: ${create}`,
        )
  }
  try {
    await client.query(`select 1 from ${statementsView} limit 1`)
    return ok(name, "pg_stat_statements counts.")
  } catch (error) {
    switch (codeOf(error) ?? "") {
      // object_not_in_prerequisite_state: created, but not loaded when the server started.
      case "55000":
        return warning(name, "pg_stat_statements is created but was not loaded at the server's start.", `${preload}.`)
      case "42501":
        return warning(name, "This user may not read pg_stat_statements.", "GRANT pg_read_all_stats TO …;")
      default:
        throw error
    }
  }
}
