import type { Notice } from "./notice.ts"

/** A notice on its way. Plain JSON: it is kept with the state of whoever sends it, and survives restarts. */
export interface OutboxEntry {
  readonly notice: Notice
  /** Channels that have not taken it yet. */
  readonly channels: readonly string[]
  readonly attempts: number
  readonly dueAtMs: number
}

export interface Outbox {
  /** Oldest first. */
  readonly entries: readonly OutboxEntry[]
  /** Notices that nobody took in all their attempts, or that there was no room for. */
  readonly dropped: number
}

export const emptyOutbox: Outbox = { entries: [], dropped: 0 }

const mostEntries = 100
const mostAttempts = 12
const firstPauseMs = 5_000
const longestPauseMs = 3_600_000
const mostBodyCharacters = 2_000

/** Puts a notice in. One about the same subject that waits already takes it up, so that a storm of them is one message. */
export const enqueue = (outbox: Outbox, notice: Notice, channels: readonly string[], nowMs: number): Outbox => {
  if (channels.length === 0) return outbox
  const waiting = outbox.entries.find(
    (entry) =>
      entry.notice.subject === notice.subject && entry.notice.severity === notice.severity && entry.attempts === 0,
  )
  if (waiting !== undefined) {
    return {
      ...outbox,
      entries: outbox.entries.map((entry) =>
        entry === waiting ? { ...entry, notice: join(entry.notice, notice) } : entry,
      ),
    }
  }
  const entries = [...outbox.entries, { notice, channels, attempts: 0, dueAtMs: nowMs }]
  const tooMany = Math.max(0, entries.length - mostEntries)
  return { entries: entries.slice(tooMany), dropped: outbox.dropped + tooMany }
}

const join = (one: Notice, other: Notice): Notice => ({
  ...one,
  title: one.title.endsWith(other.title) ? one.title : `${one.title}; ${other.title}`.slice(0, 300),
  body: `${one.body}\n${other.body}`.slice(0, mostBodyCharacters),
})

export const dueEntries = ({ entries }: Outbox, nowMs: number): readonly OutboxEntry[] =>
  entries.filter(({ dueAtMs }) => dueAtMs <= nowMs)

/** What is left after an attempt: the channels that did not take it, later, and ever more seldom. */
export const afterAttempt = (outbox: Outbox, id: string, failed: readonly string[], nowMs: number): Outbox => {
  let { dropped } = outbox
  const entries = outbox.entries.flatMap((entry): readonly OutboxEntry[] => {
    if (entry.notice.id !== id) return [entry]
    if (failed.length === 0) return []
    const attempts = entry.attempts + 1
    if (attempts >= mostAttempts) {
      dropped++
      return []
    }
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 3 ** (attempts - 1))
    return [{ ...entry, channels: failed, attempts, dueAtMs: nowMs + pauseMs }]
  })
  return { entries, dropped }
}
