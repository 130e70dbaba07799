/** Turns a text into a direction: texts that mean much the same point much the same way. */
export interface Embedder {
  /** Names the model, its size and its version: vectors of different embedders are never compared. */
  readonly id: string
  /**
   * One vector for each text, in order, all of one length; only their direction counts. Rejects when the model is away
   * or the signal ends: the caller goes on without the near lane. Texts are never logged.
   */
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly Int8Array[]>
}
