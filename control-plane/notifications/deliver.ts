import type { Channel } from "./channel.ts"
import { afterAttempt, dueEntries } from "./outbox.ts"
import type { Outbox } from "./outbox.ts"

/** Sends what is due, all at once, and gives back what is left. Never throws; takes as long as the slowest channel's deadline. */
export const deliver = async (outbox: Outbox, channels: readonly Channel[], nowMs: number): Promise<Outbox> => {
  const results = await Promise.all(
    dueEntries(outbox, nowMs).map(async ({ notice, channels: wanted }) => {
      const failed = await Promise.all(
        wanted.map(async (name): Promise<readonly string[]> => {
          const channel = channels.find((each) => each.name === name)
          // A channel that is no longer set up takes nothing any more.
          if (channel === undefined) return []
          return channel.send(notice).then(
            () => [],
            () => [name],
          )
        }),
      )
      return { id: notice.id, failed: failed.flat() }
    }),
  )
  return results.reduce((rest, { id, failed }) => afterAttempt(rest, id, failed, nowMs), outbox)
}
