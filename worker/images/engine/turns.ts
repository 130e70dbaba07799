export interface TurnsOptions {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

/** Lets one picture be worked on at a time, because memory is what an isolate runs out of. */
export interface Turns {
  /** Waits for its turn. The work is to call `pause` now and then, which lets other requests run, but no other picture. */
  readonly take: <T>(work: (pause: Pause) => Promise<T>) => Promise<T>
}

/** Lets others run, for as long as asked (0 by default). */
export type Pause = (ms?: number) => Promise<void>

const pollMs = 5
/** Who has not been seen for so long was ended by its host, as a Worker's request is when its client leaves. */
const goneMs = 2_000

/**
 * Each waits on timers of its own: in a Worker no request may wait for a promise that another one resolves. First come,
 * first served.
 */
export const createTurns = ({ now, sleep }: TurnsOptions): Turns => {
  const line: { seenAt: number }[] = []

  const isFirst = (me: { seenAt: number }): boolean => {
    while (line[0] !== me && line[0] !== undefined && now() - line[0].seenAt > goneMs) line.shift()
    return line[0] === me || !line.includes(me)
  }

  return {
    take: async (work) => {
      const me = { seenAt: now() }
      const wait = async (ms: number): Promise<void> => {
        await sleep(ms)
        me.seenAt = now()
      }
      line.push(me)
      try {
        while (!isFirst(me)) await wait(pollMs)
        return await work((ms = 0) => wait(ms))
      } finally {
        const place = line.indexOf(me)
        if (place >= 0) line.splice(place, 1)
      }
    },
  }
}
