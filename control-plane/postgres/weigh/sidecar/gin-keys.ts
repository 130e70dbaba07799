import * as v from "valibot"
import type { Database } from "../../database.ts"
import type { GinKeys } from "../size/gin-size.ts"
import { spreadKeys } from "../size/spread-keys.ts"
import type { ColumnStatistics } from "../source/source-catalog.ts"
import { readNumbers } from "./read-numbers.ts"

/** The keys that a GIN index would hold of a column, from the statistics of its elements or from the values in them. */
export const ginKeys = async (
  engine: Database,
  operatorClass: string,
  statistics: ColumnStatistics | undefined,
  rows: number,
): Promise<readonly GinKeys[]> => {
  const filled = rows * (1 - (statistics?.nullShare ?? 0))
  if (statistics !== undefined && statistics.commonElements !== null) return keysOfElements(statistics, filled)
  const query = sampleQueries[operatorClass]
  const values = statistics?.histogram ?? statistics?.commonValues
  if (query !== undefined && typeof values === "string") {
    try {
      const seen = v.parse(v.array(seenKeys), await engine.query(query, [values]))
      return spreadKeys(seen, seen[0]?.values ?? 0, filled)
    } catch {
      // A value that the engine cannot read: the guess below serves.
    }
  }
  const distinct = statistics?.distinct ?? -1
  const count = Math.max(1, distinct < 0 ? -distinct * rows : distinct)
  return [{ count, rowsPerKey: filled / count, keyBytes: Math.min(64, statistics?.averageWidth ?? 16) }]
}

/** Elements beyond the common ones are taken to be a quarter as frequent as the rarest of those. */
const keysOfElements = ({ commonElementShares, elementCounts }: ColumnStatistics, rows: number): readonly GinKeys[] => {
  const shares = readNumbers(commonElementShares)
  const keyBytes = 8
  const common = shares.slice(0, -2).map((share) => ({ count: 1, rowsPerKey: share * rows, keyBytes }))
  const total = (readNumbers(elementCounts).at(-1) ?? 1) * rows
  const left = total - common.reduce((sum, { rowsPerKey }) => sum + rowsPerKey, 0)
  if (left < total / 50) return common
  const rowsPerKey = Math.max(1, ((shares.at(-2) ?? 0) * rows) / 4)
  return [...common, { count: left / rowsPerKey, rowsPerKey, keyBytes }]
}

const seenKeys = v.object({
  kind: v.string(),
  seen: v.number(),
  keys: v.number(),
  bytes: v.number(),
  values: v.number(),
})

const counted = (keys: string): string => `
  SELECT kind, seen::float8, count(*)::float8 AS keys, avg(bytes)::float8 AS bytes,
    cardinality($1::text[])::float8 AS values
  FROM (SELECT kind, key, count(DISTINCT value) AS seen, max(bytes) AS bytes FROM (${keys}) k GROUP BY kind, key) s
  GROUP BY kind, seen`

/** Every node of the sampled documents, with its path. */
const nodes = `
  WITH RECURSIVE nodes AS (
    SELECT at AS value, '$' AS path, NULL AS name, document::jsonb AS node
    FROM unnest($1::text[]) WITH ORDINALITY AS given (document, at)
    UNION ALL
    SELECT value, path || coalesce('.' || child.name, '[]'), child.name, child.node
    FROM nodes, LATERAL (
      SELECT key AS name, e.value AS node FROM jsonb_each(CASE WHEN jsonb_typeof(nodes.node) = 'object' THEN nodes.node ELSE '{}' END) e
      UNION ALL
      SELECT NULL, e.value FROM jsonb_array_elements(CASE WHEN jsonb_typeof(nodes.node) = 'array' THEN nodes.node ELSE '[]' END) e
    ) child
  )`

const sampleQueries: Readonly<Record<string, string>> = {
  jsonb_path_ops: counted(`${nodes}
    SELECT path AS kind, path || node::text AS key, value, 4 AS bytes FROM nodes WHERE jsonb_typeof(node) NOT IN ('object', 'array')`),
  jsonb_ops: counted(`${nodes}
    SELECT path AS kind, 'v' || (node #>> '{}') AS key, value, 2 + octet_length(node #>> '{}') AS bytes FROM nodes WHERE jsonb_typeof(node) NOT IN ('object', 'array')
    UNION ALL SELECT 'name', 'k' || name, value, 2 + octet_length(name) FROM nodes WHERE name IS NOT NULL`),
  gin_trgm_ops: counted(`SELECT 'trigram' AS kind, trigram AS key, at AS value, 4 AS bytes
    FROM unnest($1::text[]) WITH ORDINALITY AS given (text, at), unnest(show_trgm(text)) trigram`),
}
