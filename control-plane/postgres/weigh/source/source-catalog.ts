import * as v from "valibot"

const column = v.object({
  name: v.string(),
  /** As `format_type` writes it. */
  type: v.string(),
  /** The extension that the type comes from. */
  extension: v.nullable(v.string()),
  /** The type is the server's own. */
  isBuiltIn: v.boolean(),
  /** Qualified and quoted, where it is not the type's own. */
  collation: v.nullable(v.string()),
  notNull: v.boolean(),
  generated: v.nullable(v.object({ expression: v.string(), stored: v.boolean() })),
})
export type SourceColumn = v.InferOutput<typeof column>

/** Lengths as `pg_class` has them at the last ANALYZE or VACUUM, and the file's own now. */
const measures = {
  pages: v.number(),
  rows: v.number(),
  allVisiblePages: v.number(),
  sizeBytes: v.number(),
}

/** A table, a partitioned table or a materialized view, which the planner treats as a table. */
export const sourceTable = v.object({
  schema: v.string(),
  name: v.string(),
  kind: v.picklist(["r", "p", "m"]),
  ...measures,
  partitionKey: v.nullable(v.string()),
  options: v.nullable(v.string()),
  columns: v.array(column),
})
export type SourceTable = v.InferOutput<typeof sourceTable>

export const sourceIndex = v.object({
  schema: v.string(),
  name: v.string(),
  /** The statement that makes it. */
  sql: v.string(),
  ...measures,
  /** False for a deferrable constraint's, which proves nothing to the planner. */
  immediate: v.boolean(),
})
export type SourceIndex = v.InferOutput<typeof sourceIndex>

export const sourceExtension = v.object({ name: v.string(), schema: v.string() })
export type SourceExtension = v.InferOutput<typeof sourceExtension>

/** One step of making the schema again, e.g. a type or a foreign key. */
export const schemaStatement = v.object({
  /** For notes, e.g. `function public.slug(text)`. */
  subject: v.string(),
  sql: v.string(),
})
export type SchemaStatement = v.InferOutput<typeof schemaStatement>

/** One row of `pg_stats`; arrays as text, as the server writes them. They hold users' values. */
export const columnStatistics = v.object({
  schema: v.string(),
  relation: v.string(),
  column: v.string(),
  inherited: v.boolean(),
  nullShare: v.number(),
  averageWidth: v.number(),
  distinct: v.number(),
  commonValues: v.nullable(v.string()),
  commonShares: v.nullable(v.string()),
  histogram: v.nullable(v.string()),
  correlation: v.nullable(v.number()),
  commonElements: v.nullable(v.string()),
  commonElementShares: v.nullable(v.string()),
  elementCounts: v.nullable(v.string()),
})
export type ColumnStatistics = v.InferOutput<typeof columnStatistics>

/** One row of `pg_stats_ext`. */
export const extendedStatistics = v.object({
  schema: v.string(),
  name: v.string(),
  columns: v.array(v.object({ number: v.number(), name: v.string() })),
  /** As `pg_ndistinct` and `pg_dependencies` are written. */
  distinct: v.nullable(v.string()),
  dependencies: v.nullable(v.string()),
  inherited: v.boolean(),
  /** It also holds common combinations, or expressions. */
  hasMore: v.boolean(),
})
export type ExtendedStatistics = v.InferOutput<typeof extendedStatistics>

export const serverFacts = v.object({
  major: v.number(),
  /** Text is compared byte by byte, as the collation C does. */
  collatesBytewise: v.boolean(),
  /** E.g. `en_US.UTF-8`. */
  locale: v.string(),
  /** Quoted, as SET takes it. */
  searchPath: v.string(),
})
export type ServerFacts = v.InferOutput<typeof serverFacts>

/** What an engine must be to stand for the source. */
export interface SourceHost {
  readonly server: ServerFacts
  readonly extensions: readonly SourceExtension[]
}

/** All that the sidecar is made of: schema, statistics and settings, and no row of any table. */
export interface SourceCatalog extends SourceHost {
  readonly collations: readonly SchemaStatement[]
  /** Schemas, types and functions. */
  readonly prelude: readonly SchemaStatement[]
  readonly tables: readonly SourceTable[]
  /** Partitions, inheritance and checks. */
  readonly bindings: readonly SchemaStatement[]
  readonly indexes: readonly SourceIndex[]
  /** Partitions' indexes, foreign keys, extended statistics, views. */
  readonly postlude: readonly SchemaStatement[]
  readonly statistics: readonly ColumnStatistics[]
  readonly extended: readonly ExtendedStatistics[]
  readonly settings: readonly { readonly name: string; readonly value: string }[]
  /** What could not be read, in sentences. */
  readonly missing: readonly string[]
}
