/** What `pg_stat_statements` knows of one normalized statement of the watched database, since a reset or a snapshot. */
export interface StatementStatistics {
  /** `queryid`, as text: it does not fit a JavaScript number. */
  readonly queryId: string
  /** Normalized by the server: literals are `$1`, `$2` … */
  readonly text: string
  readonly calls: number
  readonly totalMs: number
  readonly meanMs: number
  /** Given or changed; absent where they were not counted. */
  readonly rows?: number
  readonly sharedBlocksHit: number
  readonly sharedBlocksRead: number
  readonly tempBlocksWritten: number
}
