/**
 * What candidates had in flight in the last seconds, all isolates together. What was in flight when a request was sent is
 * known only once the other isolates have told of it, which is about when its first token comes.
 */
export type LoadHistory = readonly LoadThen[]
export interface LoadThen {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly inFlight: Readonly<Record<string, number>>
}

const everyMs = 250
const keptMoments = 60
/** Isolates report once a second or so: a sum is half of that late. */
const lateMs = 600

/** The history with what these candidates have in flight now, unless the last moment is as good as now. */
export const remember = (
  history: LoadHistory,
  candidates: readonly string[],
  inFlight: ReadonlyMap<string, number>,
  now: number,
): LoadHistory => {
  const latest = history.at(-1)
  if (latest !== undefined && now < latest.at + everyMs) return history
  const busy = candidates.flatMap((id) => {
    const count = inFlight.get(id)
    return count === undefined ? [] : [[id, count] as const]
  })
  return [...history.slice(1 - keptMoments), { at: now, inFlight: Object.fromEntries(busy) }]
}

/** What a candidate had in flight at a moment; before the first that is kept, what it had then. */
export const inFlightAt = (history: LoadHistory, candidate: string, at: number): number => {
  const then = history.findLast((moment) => moment.at <= at + lateMs) ?? history[0]
  return then?.inFlight[candidate] ?? 0
}
