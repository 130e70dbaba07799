import * as v from "valibot"
import { failed, ok, warning } from "../../doctor/check.ts"
import type { Check } from "../../doctor/check.ts"
import type { Database } from "../database.ts"
import { checkStatements } from "./check-statements.ts"

const oldestMajor = 14
const newestMajor = 18

const Facts = v.object({
  version: v.number(),
  is_superuser: v.boolean(),
  reads_statistics: v.boolean(),
  reads_data: v.boolean(),
  may_create: v.boolean(),
  owns_all: v.boolean(),
  is_standby: v.boolean(),
  io_timing: v.string(),
  replicas: v.number(),
  long_transaction_s: v.number(),
})

const question = `SELECT current_setting('server_version_num')::int AS version, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS is_superuser,
  pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS reads_statistics,
  pg_has_role(current_user, 'pg_read_all_data', 'USAGE') AS reads_data,
  has_database_privilege(current_database(), 'CREATE') AS may_create,
  NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND NOT pg_has_role(current_user, c.relowner, 'USAGE')) AS owns_all,
  pg_is_in_recovery() AS is_standby, current_setting('track_io_timing') AS io_timing,
  (SELECT count(*)::int FROM pg_stat_replication) AS replicas,
  coalesce((SELECT extract(epoch FROM max(now() - xact_start))::int FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()), 0) AS long_transaction_s`

/** Whether a database can be advised and changed, and what to do where it cannot. Reads only. */
export const checkDatabase = async (database: Database): Promise<readonly Check[]> => {
  const [row] = await database.query(question)
  const facts = v.parse(Facts, row)
  return [
    ok("connection", "The database accepts it."),
    checkVersion(facts.version),
    ...(await checkStatements(database)),
    checkRights(facts),
    checkApply(facts),
    facts.io_timing === "on"
      ? ok("timing", "track_io_timing is on.")
      : warning(
          "timing",
          "track_io_timing is off, so nobody knows what reading costs.",
          "ALTER SYSTEM SET track_io_timing = on; SELECT pg_reload_conf();",
        ),
    facts.long_transaction_s < 60
      ? ok("transactions", "No transaction has been open for a minute.")
      : warning(
          "transactions",
          `A transaction has been open for ${facts.long_transaction_s} s: an index cannot be built beside it.`,
          "End it, or wait: `voltgate db apply --patience 10m`.",
        ),
    facts.replicas === 0
      ? ok("replicas", "None is attached, as far as this role sees.")
      : warning(
          "replicas",
          `${facts.replicas} are attached: what an index does there is not seen here.`,
          "Name each to the report: `voltgate db report --replica URL`.",
        ),
  ]
}

type FactsOf = v.InferOutput<typeof Facts>

const checkVersion = (version: number): Check => {
  const major = Math.floor(version / 10_000)
  const shown = `Postgres ${major}.${version % 10_000}`
  if (major < oldestMajor)
    return failed("version", `It is ${shown}; ${oldestMajor} or newer is needed.`, "Upgrade the server.")
  if (major === newestMajor)
    return ok(
      "version",
      `It is ${shown}: planning beside it is exact, by the Postgres ${newestMajor} that comes along.`,
    )
  return warning(
    "version",
    `It is ${shown}: planning beside it is exact with a Postgres ${major} on this machine, and rough without.`,
    `Install the programs of Postgres ${major}, or name their folder in VOLTGATE_POSTGRES_BIN.`,
  )
}

const checkRights = (facts: FactsOf): Check => {
  if (facts.is_superuser || (facts.reads_statistics && facts.reads_data))
    return ok("rights to read", "This role sees statements and statistics of all.")
  return warning(
    "rights to read",
    facts.reads_statistics
      ? "This role sees no statistics of columns that it may not read."
      : "This role sees its own statements alone.",
    "As a superuser: GRANT pg_read_all_stats, pg_read_all_data to it, as deploy/postgres/roles-advice.sql does.",
  )
}

const checkApply = ({ is_standby: isStandby, owns_all: ownsAll, may_create: mayCreate }: FactsOf): Check => {
  if (isStandby)
    return warning(
      "rights to change",
      "It is a standby: advice works here, changes are made on the primary.",
      "Name the primary for `apply` and `watch`.",
    )
  if (ownsAll && mayCreate)
    return ok("rights to change", "This role may build indexes, and keep its journal in the database.")
  return warning(
    "rights to change",
    ownsAll
      ? "This role may build indexes; its journal goes into a local file, as it may not make a schema."
      : "This role does not own every table: indexes on those cannot be built.",
    "For `apply`: \\i deploy/postgres/roles-apply.sql.",
  )
}
