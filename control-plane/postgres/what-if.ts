/** An index that does not exist yet. */
export interface CandidateIndex {
  /** Unique among the candidates, and the index's name where the planner is asked about it. */
  readonly name: string
  /** Schema and table, unquoted. */
  readonly schema: string
  readonly table: string
  /** All after `CREATE INDEX name`, e.g. `ON public.orders USING btree (status, created_at DESC) WHERE …`. */
  readonly definition: string
}

/** One statement with constants in place of its parameters: it can be explained. */
export interface ExplainableQuery {
  readonly sql: string
}

export interface QueryPlan {
  /** The planner's total cost of the root node. */
  readonly cost: number
  /** Of the cost, what the planner is known to charge too much. */
  readonly overcharged: number
  /** Rows that the statement is expected to give or to change; with a LIMIT, those it would give without. */
  readonly rows: number
  /** Of a statement with a LIMIT: the rows that it is expected to stop at, and what it would cost if it could not stop there. */
  readonly limit?: { readonly rows: number; readonly costWithout: number }
  /** Names of the indexes that it uses, candidates and existing ones. */
  readonly indexes: readonly string[]
  /** Node types, relations and index names from the root down, without costs: equal for equal plans. */
  readonly shape: string
}

/** Which indexes the planner may see. */
export interface IndexSwitches {
  /** Candidates that exist for this question; the others don't. */
  readonly on: ReadonlySet<string>
  /** Existing indexes, `schema.name`, which the planner must do without. */
  readonly hidden?: ReadonlySet<string>
}

/** How well the engine's planner stands for the watched database's own. */
export interface Exactness {
  readonly sourceMajor: number
  readonly engineMajor: number
  readonly exact: boolean
  /** A sentence for people. */
  readonly note: string
}

/** Columns of a table that determine each other, as far as `degree` says: 0 not at all, 1 altogether. */
export interface ColumnDependency {
  readonly schema: string
  readonly table: string
  readonly columns: readonly string[]
  readonly degree: number
}

/**
 * A planner that plans the watched database's queries as if other indexes existed. It knows the schema and the statistics,
 * and no row. Close it when done.
 */
export interface WhatIf extends AsyncDisposable {
  readonly exactness: Exactness
  /** Estimated size of a candidate in bytes; 0 for one that could not be made. */
  readonly sizeBytes: (candidate: string) => number
  /** Candidates that the engine refused, with its reason. */
  readonly refused: ReadonlyMap<string, string>
  /** Plans one query. Throws a DatabaseError for SQL that does not plan. */
  readonly plan: (query: ExplainableQuery, switches: IndexSwitches) => Promise<QueryPlan>
  /**
   * Plans one query without any candidate as if columns were known to depend on each other; with `like`, only by the ways in which
   * that plan goes. Absent where the engine cannot.
   */
  readonly planDependent?: (
    query: ExplainableQuery,
    dependency: ColumnDependency,
    like?: QueryPlan,
  ) => Promise<QueryPlan>
}
