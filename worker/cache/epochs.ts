/**
 * Which of a tenant's entries were invalidated, told without visiting any of them. A clock counts invalidations, and each
 * label remembers the tick at which it was last invalidated. An entry keeps the tick at which its answer was asked for:
 * it stands while none of its labels was invalidated later. The clock is a count, not a time, so no two machines have to
 * agree on the hour. `base` names this book; another base means that all that was known is lost or void, so that a book
 * that a full store dropped can bring nothing back that was invalidated.
 */
export interface Epochs {
  readonly base: string
  readonly clock: number
  readonly labels: ReadonlyMap<string, number>
}

/** A point in a tenant's sequence of invalidations, as text: `base.clock`; `.0` before the first entry. */
export type Epoch = string

export const noEpoch: Epoch = ".0"

export const epochOf = ({ base, clock }: Pick<Epochs, "base" | "clock">): Epoch => `${base}.${clock}`

/** Whether what was asked for at this point, and carries these labels, still stands. */
export const stands = (at: Epoch, labels: readonly string[], epochs: Epochs): boolean => {
  const [base, clock] = at.split(".")
  if (base !== epochs.base) return false
  return labels.every((label) => (epochs.labels.get(label) ?? 0) <= Number(clock))
}

/**
 * The point that a write is stamped with; undefined when it must not be kept. What was asked before there was a book can
 * join one that has seen no invalidation.
 */
export const stampFor = (asked: Epoch, labels: readonly string[], epochs: Epochs): Epoch | undefined => {
  if (asked === noEpoch) return epochs.clock === 0 ? epochOf(epochs) : undefined
  return stands(asked, labels, epochs) ? asked : undefined
}

/** More labels than this, and all of the tenant's entries go: a book must not grow for ever. */
export const labelLimit = 4_096

/** The book after these labels were invalidated, or all. `newBase` must never have been a base. */
export const invalidated = (epochs: Epochs, labels: readonly string[] | "all", newBase: string): Epochs => {
  const clock = epochs.clock + 1
  if (labels === "all") return { base: newBase, clock, labels: new Map() }
  const after = new Map([...epochs.labels, ...labels.map((label) => [label, clock] as const)])
  return after.size > labelLimit ? { base: newBase, clock, labels: new Map() } : { ...epochs, clock, labels: after }
}
