/** Keeps texts for a short time, so that the database need not be asked again. Both may reject when the store is away. */
export interface QueryResults {
  /** Nothing that has expired. */
  readonly get: (key: string) => Promise<string | undefined>
  readonly put: (key: string, text: string, lifeMs: number) => Promise<void>
}
