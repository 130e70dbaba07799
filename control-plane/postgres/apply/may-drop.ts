import * as v from "valibot"
import type { Database } from "../database.ts"

const row = v.object({
  constraint_or_key: v.boolean(),
  replica_identity: v.boolean(),
  clustered: v.boolean(),
  supports_foreign_key: v.boolean(),
  is_partition: v.boolean(),
  extension_owned: v.boolean(),
  has_expression: v.boolean(),
  is_valid: v.boolean(),
  scans: v.number(),
  counted_days: v.nullable(v.number()),
  has_twin: v.boolean(),
  replicas: v.number(),
})
type IndexUse = v.InferOutput<typeof row>

const unusedDays = 30

/** Why an index that we did not make must stay, as a clause; undefined where it may go. */
export const whyKeep = (index: IndexUse): string | undefined => {
  if (index.constraint_or_key) return "it is unique, or stands behind a constraint"
  if (index.replica_identity) return "it is the table's replica identity"
  if (index.clustered) return "the table is clustered by it"
  if (index.is_partition) return "it is a part of a partitioned index"
  if (index.extension_owned) return "an extension owns it"
  if (index.has_expression) return "it is over an expression, whose statistics would go with it"
  // One that is no use to anybody, as nothing reads it, or the same one stays.
  if (!index.is_valid || index.has_twin) return undefined
  if (index.supports_foreign_key) return "a foreign key is checked by it"
  if (index.scans > 0) return `it has been used ${index.scans} times since the statistics were reset`
  if (index.counted_days !== null && index.counted_days < unusedDays) {
    return `its use has been counted for ${Math.floor(index.counted_days)} days only, and ${unusedDays} are needed`
  }
  if (index.replicas > 0) return "a replica may use it, and its counters are not seen from here"
  return undefined
}

/** As `whyKeep`, for an index of the catalog. */
export const readWhyKeep = async (database: Database, schema: string, name: string): Promise<string | undefined> => {
  const rows = await database.query(
    `SELECT i.indisunique OR i.indisprimary OR i.indisexclusion
         OR EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid) AS constraint_or_key,
       i.indisreplident AS replica_identity, i.indisclustered AS clustered,
       EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = i.indrelid
         AND f.conkey[1] = i.indkey[0]) AS supports_foreign_key,
       c.relispartition OR c.relkind = 'I' AS is_partition,
       EXISTS (SELECT FROM pg_depend d WHERE d.objid IN (i.indexrelid, i.indrelid) AND d.deptype = 'e') AS extension_owned,
       i.indexprs IS NOT NULL AS has_expression,
       i.indisvalid AS is_valid,
       coalesce(pg_stat_get_numscans(i.indexrelid), 0)::float8 AS scans,
       (SELECT extract(epoch FROM now() - stats_reset) / 86400 FROM pg_stat_database
        WHERE datname = current_database())::float8 AS counted_days,
       EXISTS (SELECT FROM pg_index o JOIN pg_class oc ON oc.oid = o.indexrelid
         WHERE o.indrelid = i.indrelid AND o.indexrelid <> i.indexrelid AND o.indisvalid AND oc.relam = c.relam
           AND o.indkey::text = i.indkey::text AND o.indclass::text = i.indclass::text
           AND o.indoption::text = i.indoption::text AND o.indcollation::text = i.indcollation::text
           AND o.indpred IS NULL AND i.indpred IS NULL AND o.indexprs IS NULL AND i.indexprs IS NULL) AS has_twin,
       (SELECT count(*) FROM pg_stat_replication)::int AS replicas
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2`,
    [schema, name],
  )
  if (rows.length === 0) return "it is not there"
  const [found] = v.parse(v.tuple([row]), rows)
  return whyKeep(found)
}
