/** Objects that belong to users: not the server's own and not an extension's. */
const own = (catalog: string, alias: string, namespace = "n"): string => `
  ${namespace}.nspname !~ '^pg_' AND ${namespace}.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend e
    WHERE e.classid = '${catalog}'::regclass AND e.objid = ${alias}.oid AND e.deptype = 'e')`

const measures = `
  c.relpages::float8 AS pages, c.reltuples::float8 AS rows, c.relallvisible::float8 AS "allVisiblePages",
  CASE WHEN c.relkind IN ('r', 'm', 'i') THEN coalesce(pg_relation_size(c.oid), 0) ELSE 0 END::float8 AS "sizeBytes"`

/** Every query here reads the catalog alone; each names what it gives. */
export const serverQuery = `
  SELECT current_setting('server_version_num')::int / 10000 AS major,
    d.datcollate AS locale,
    d.datcollate IN ('C', 'POSIX') OR coalesce(to_jsonb(d) ->> 'datlocprovider' = 'b', false) AS "collatesBytewise",
    (SELECT coalesce(string_agg(quote_ident(s), ', ' ORDER BY at), '""')
      FROM unnest(current_schemas(false)) WITH ORDINALITY AS path (s, at)) AS "searchPath"
  FROM pg_database d WHERE d.datname = current_database()`

export const extensionsQuery = `
  SELECT x.extname AS name, n.nspname AS schema FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
  WHERE x.extname <> 'plpgsql' ORDER BY x.extname`

/** `reset_val`: what a session starts with, whatever this one has set since. */
export const settingsQuery = `
  SELECT name, reset_val || CASE WHEN vartype = 'integer' OR vartype = 'real' THEN coalesce(unit, '') ELSE '' END AS value
  FROM pg_settings
  WHERE category LIKE 'Query Tuning%' OR name IN ('work_mem', 'hash_mem_multiplier', 'max_parallel_workers_per_gather',
    'parallel_leader_participation', 'effective_io_concurrency', 'default_text_search_config', 'DateStyle',
    'IntervalStyle', 'TimeZone', 'bytea_output', 'array_nulls', 'standard_conforming_strings', 'quote_all_identifiers',
    'transform_null_equals')`

/** Any locale's order but C's is the engine's own; only C lets a plain index serve a prefix. */
export const collationsQuery = `SELECT 'collation ' || quote_ident(n.nspname) || '.' || quote_ident(c.collname) AS subject,
     format('CREATE COLLATION IF NOT EXISTS %I.%I (provider = libc, locale = %L)', n.nspname, c.collname,
       CASE WHEN c.collcollate IN ('C', 'POSIX') OR c.collprovider = 'b' THEN 'C' ELSE coalesce(c.collcollate, 'en_US.UTF-8') END) AS sql
   FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
   WHERE n.nspname <> 'pg_catalog' AND ${own("pg_collation", "c")}
     OR c.oid IN (SELECT attcollation FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid WHERE r.relkind IN ('r', 'p', 'm', 'i') AND r.oid >= 16384)
       AND c.collname NOT IN ('default', 'C', 'POSIX', 'ucs_basic')`

export const preludeQueries: readonly string[] = [
  `SELECT 'schema ' || quote_ident(n.nspname) AS subject, format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) AS sql
   FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
  `SELECT 'type ' || t.oid::regtype AS subject,
     format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
       (SELECT string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid)) AS sql
   FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND ${own("pg_type", "t")}`,
  `SELECT 'domain ' || t.oid::regtype AS subject,
     format('CREATE DOMAIN %I.%I AS %s %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
       (SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_constraint k WHERE k.contypid = t.oid AND k.convalidated)) AS sql
   FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND ${own("pg_type", "t")}`,
  `SELECT 'type ' || t.oid::regtype AS subject,
     format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
       (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)) AS sql
   FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
   WHERE c.relkind = 'c' AND ${own("pg_type", "t")}`,
  `SELECT 'type ' || t.oid::regtype AS subject,
     format('CREATE TYPE %I.%I AS RANGE (subtype = %s)', n.nspname, t.typname, format_type(r.rngsubtype, NULL)) AS sql
   FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${own("pg_type", "t")}`,
  `SELECT 'function ' || p.oid::regprocedure AS subject, pg_get_functiondef(p.oid) AS sql
   FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
   WHERE p.prokind = 'f' AND l.lanname IN ('sql', 'plpgsql') AND p.prorettype <> 'trigger'::regtype AND p.prorettype <> 'event_trigger'::regtype
     AND ${own("pg_proc", "p")}`,
]

export const tablesQuery = `
  SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, ${measures},
    pg_get_partkeydef(c.oid) AS "partitionKey",
    (SELECT string_agg(o, ', ') FROM unnest(c.reloptions) o WHERE o ~ '^(fillfactor|parallel_workers)=') AS options,
    (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'isBuiltIn', t.typnamespace = 'pg_catalog'::regnamespace,
       'extension', (SELECT x.extname FROM pg_depend e JOIN pg_extension x ON x.oid = e.refobjid
         WHERE e.classid = 'pg_type'::regclass AND e.deptype = 'e' AND e.refclassid = 'pg_extension'::regclass
           AND e.objid IN (t.oid, nullif(t.typelem, 0), nullif(t.typbasetype, 0)) LIMIT 1),
       'collation', CASE WHEN a.attcollation <> t.typcollation THEN
         (SELECT format('%I.%I', k.nspname, o.collname) FROM pg_collation o JOIN pg_namespace k ON k.oid = o.collnamespace WHERE o.oid = a.attcollation) END,
       'notNull', a.attnotnull,
       'generated', CASE WHEN a.attgenerated <> '' THEN json_build_object('expression', pg_get_expr(f.adbin, f.adrelid), 'stored', a.attgenerated = 's') END
       ) ORDER BY a.attnum), '[]')
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND ${own("pg_class", "c")}
  ORDER BY n.nspname, c.relname`

/** ONLY, and each partition's own: the partitions' indexes keep their names and are attached later. */
export const indexesQuery = `
  SELECT n.nspname AS schema, c.relname AS name, ${measures}, i.indimmediate AS immediate,
    coalesce((SELECT format('ALTER TABLE ONLY %I.%I ADD CONSTRAINT %I %s', tn.nspname, t.relname, k.conname, pg_get_constraintdef(k.oid))
      FROM pg_constraint k WHERE k.conindid = c.oid AND k.conrelid = t.oid AND k.contype IN ('p', 'u', 'x')),
      pg_get_indexdef(c.oid)) AS sql
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
  WHERE t.relkind IN ('r', 'p', 'm') AND t.relpersistence <> 't' AND (i.indisvalid AND i.indisready OR c.relkind = 'I')
    AND i.indislive AND ${own("pg_class", "t", "tn")}
  ORDER BY n.nspname, c.relname`

export const bindingQueries: readonly string[] = [
  `SELECT 'partition ' || quote_ident(c.relname) AS subject,
     CASE WHEN c.relispartition
       THEN format('ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname, n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid))
       ELSE format('ALTER TABLE ONLY %I.%I INHERIT %I.%I', n.nspname, c.relname, pn.nspname, p.relname) END AS sql
   FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
   WHERE c.relkind IN ('r', 'p') AND ${own("pg_class", "c")} ORDER BY h.inhseqno`,
  `SELECT 'check ' || quote_ident(k.conname) AS subject,
     format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql
   FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE k.contype = 'c' AND k.conislocal AND k.coninhcount = 0 AND c.relkind IN ('r', 'p') AND ${own("pg_class", "c")}`,
]

export const postludeQueries: readonly string[] = [
  `SELECT 'index ' || quote_ident(c.relname) AS subject,
     format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, p.relname, n.nspname, c.relname) AS sql
   FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
   WHERE c.relkind IN ('i', 'I') AND ${own("pg_class", "c")}`,
  `SELECT 'foreign key ' || quote_ident(k.conname) AS subject,
     format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql
   FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE k.contype = 'f' AND k.conparentid = 0 AND c.relkind IN ('r', 'p') AND ${own("pg_class", "c")}`,
  `SELECT 'statistics ' || quote_ident(s.stxname) AS subject, pg_get_statisticsobjdef(s.oid) AS sql
   FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${own("pg_statistic_ext", "s")}`,
  `SELECT 'view ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS subject,
     format('CREATE VIEW %I.%I (%s) AS %s', n.nspname, c.relname,
       (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0),
       pg_get_viewdef(c.oid)) AS sql
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'v' AND ${own("pg_class", "c")}`,
]

/** The planner's statistics as far as this role may see them: `pg_stats` shows columns that it may read. */
export const statisticsQuery = `
  SELECT s.schemaname AS schema, s.tablename AS relation, s.attname AS column, s.inherited,
    s.null_frac::float8 AS "nullShare", s.avg_width::float8 AS "averageWidth", s.n_distinct::float8 AS distinct,
    s.most_common_vals::text AS "commonValues", s.most_common_freqs::text AS "commonShares", s.histogram_bounds::text AS histogram,
    s.correlation::float8 AS correlation, s.most_common_elems::text AS "commonElements",
    s.most_common_elem_freqs::text AS "commonElementShares", s.elem_count_histogram::text AS "elementCounts"
  FROM pg_stats s WHERE s.schemaname !~ '^pg_' AND s.schemaname <> 'information_schema'`

export const extendedQuery = `
  SELECT s.statistics_schemaname AS schema, s.statistics_name AS name, s.n_distinct::text AS distinct, s.dependencies::text AS dependencies,
    coalesce((to_jsonb(s) ->> 'inherited')::boolean, false) AS inherited,
    s.most_common_vals IS NOT NULL OR to_jsonb(s) ->> 'exprs' IS NOT NULL AS "hasMore",
    (SELECT coalesce(json_agg(json_build_object('number', a.attnum, 'name', a.attname)), '[]')
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = s.schemaname AND c.relname = s.tablename AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM pg_stats_ext s`

/** Tables that hold something, whose columns this role may not read, so that their statistics are hidden from it. */
export const hiddenQuery = `
  SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND c.reltuples > 0 AND ${own("pg_class", "c")}
    AND (NOT has_any_column_privilege(c.oid, 'SELECT') OR c.relrowsecurity AND row_security_active(c.oid)) ORDER BY 1`

export const foreignQuery = `
  SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'f' AND ${own("pg_class", "c")} ORDER BY 1`
