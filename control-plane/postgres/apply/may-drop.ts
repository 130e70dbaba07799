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
  has_twin: v.boolean(),
})
type IndexUse = v.InferOutput<typeof row>

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
  // The server's counters do not say since when: an index of yesterday has no scans either, and a replica may use it.
  return "nobody has watched for 30 days that it is not used"
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
       -- One that is being built is no leftover; whose build it is, a role without rights is not told.
       i.indisvalid OR EXISTS (SELECT FROM pg_stat_progress_create_index p
         WHERE p.index_relid = i.indexrelid OR p.index_relid IS NULL) AS is_valid,
       coalesce(pg_stat_get_numscans(i.indexrelid), 0)::float8 AS scans,
       EXISTS (SELECT FROM pg_index o JOIN pg_class oc ON oc.oid = o.indexrelid
         WHERE o.indrelid = i.indrelid AND o.indexrelid <> i.indexrelid AND o.indisvalid AND oc.relam = c.relam
           AND o.indkey::text = i.indkey::text AND o.indclass::text = i.indclass::text
           AND o.indoption::text = i.indoption::text AND o.indcollation::text = i.indcollation::text
           AND o.indpred IS NULL AND i.indpred IS NULL AND o.indexprs IS NULL AND i.indexprs IS NULL) AS has_twin
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2`,
    [schema, name],
  )
  if (rows.length === 0) return "it is not there"
  const [found] = v.parse(v.tuple([row]), rows)
  return whyKeep(found)
}
