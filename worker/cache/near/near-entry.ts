/** What a group keeps of a question that was answered, for the near lane: all but the answer itself. */
export interface NearEntry {
  readonly id: string
  /** The question as it was asked. */
  readonly question: string
  /** Id of the embedder that made the vector; vectors of different embedders are never compared. */
  readonly embedder: string
  /** Only the direction counts. */
  readonly vector: Int8Array
  /** Equal where two entries hold the same answer. */
  readonly answerHash: string
  /** Milliseconds since the epoch. */
  readonly writtenAt: number
  /** Set when the entry was found wrong: it answers nobody any more. */
  readonly quarantined?: boolean
}
