/** Something that people should hear of: a change to a database or to a deployment, or that one was given up. */
export interface Notice {
  /** Unique, so that a receiver can tell a repetition. */
  readonly id: string
  readonly at: string
  readonly severity: "info" | "warning" | "critical"
  /** What it is about, e.g. `deployment default/api-gateway` or `database shop`. Notices about one subject coalesce. */
  readonly subject: string
  /** A line. */
  readonly title: string
  /** Sentences with numbers, without literals of user data. */
  readonly body: string
}
