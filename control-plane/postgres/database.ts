/** A row as the driver gives it: parse it with a schema before use. */
export type Row = Readonly<Record<string, unknown>>

/**
 * One connection to a database, the watched one or one of ours. Throws a pg `DatabaseError` (with its SQLSTATE in `code`)
 * for what the server refuses, and the driver's own error for a connection that broke.
 */
export interface Database {
  readonly query: (sql: string, parameters?: readonly unknown[]) => Promise<readonly Row[]>
}
