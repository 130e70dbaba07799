import { candidates } from "../candidates.ts"
import type { News } from "../plain-policy.ts"

/** What policies of others keep of one candidate; each uses its part. */
export interface Known {
  sent: number
  ok: number
  bad: number
  /** Of everything that ended, however it did. */
  totalMs: number
  ended: number
  lastMs: number[]
  ewmaMs: number
  ewmaAt: number
  failuresInARow: number
  ejectedUntil: number
  ejections: number
  /** Fails and successes of the current minute. */
  minute: number
  minuteOk: number
  minuteBad: number
}

export const startKnown = (): Known[] =>
  candidates.map(() => ({
    sent: 0,
    ok: 0,
    bad: 0,
    totalMs: 0,
    ended: 0,
    lastMs: [],
    ewmaMs: 0,
    ewmaAt: 0,
    failuresInARow: 0,
    ejectedUntil: 0,
    ejections: 0,
    minute: 0,
    minuteOk: 0,
    minuteBad: 0,
  }))

/** As `structuredClone` would, which took more than half of a run. */
export const copyOf = (state: readonly Known[]): Known[] =>
  state.map((known) => ({ ...known, lastMs: [...known.lastMs] }))

export const knownOf = (state: readonly Known[], candidate: number): Known => {
  const known = state[candidate]
  if (known === undefined) throw new RangeError(`There is no candidate ${candidate}.`)
  return known
}

/** Keeps the last `count` values. */
export const keepLast = (list: number[], value: number, count: number): void => {
  list.push(value)
  if (list.length > count) list.shift()
}

/** LiteLLM's cooldown: 5 s after a 429, or when more than half of at least five requests of this minute failed. */
export const coolDown = (known: Known, news: News): void => {
  if (news.kind !== "answered" && news.kind !== "failed" && news.kind !== "refused") return
  const minute = Math.floor(news.at / 60_000)
  if (minute !== known.minute) Object.assign(known, { minute, minuteOk: 0, minuteBad: 0 })
  if (news.kind === "answered") known.minuteOk++
  else known.minuteBad++
  const mostFail = known.minuteOk + known.minuteBad >= 5 && known.minuteBad > known.minuteOk
  if (news.kind === "refused" || (news.kind === "failed" && mostFail)) known.ejectedUntil = news.at + 5_000
}

/** Those that are not ejected; all, when none is left. */
export const notEjected = (state: readonly Known[], open: readonly number[], now: number): readonly number[] => {
  const left = open.filter((index) => knownOf(state, index).ejectedUntil <= now)
  return left.length > 0 ? left : open
}

/** The one with the least of something; equals by chance. */
export const leastOf = (
  indices: readonly number[],
  of: (index: number) => number,
  random: () => number,
): number | undefined => {
  let best: number | undefined
  let least = Number.POSITIVE_INFINITY
  let alike = 0
  for (const index of indices) {
    const value = of(index)
    if (value < least) {
      best = index
      least = value
      alike = 1
    } else if (value === least && random() < 1 / ++alike) best = index
  }
  return best
}

/** Two different ones by chance, or the only one. */
export const twoOf = (indices: readonly number[], random: () => number): readonly number[] => {
  if (indices.length < 3) return indices
  const first = Math.floor(random() * indices.length)
  const second = (first + 1 + Math.floor(random() * (indices.length - 1))) % indices.length
  return [first, second].flatMap((place) => indices[place] ?? [])
}
