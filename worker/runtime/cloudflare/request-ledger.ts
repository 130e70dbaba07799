import { ledgerLimits } from "../../../contract/ledger.ts"
import type { LedgerEntry } from "../../../contract/ledger.ts"
import type { Ports } from "../../ports/ports.ts"
import type { Rated, RequestLedger } from "../../ports/request-ledger.ts"
import { beforeDeadline } from "./before-deadline.ts"

/** What the ledger needs of the Durable Object's namespace; an object is named for its tenant. */
export interface LedgerNamespace<Id> {
  readonly idFromName: (name: string) => Id
  readonly get: (id: Id) => {
    readonly remember: (entries: unknown) => Promise<void>
    readonly rate: (requestId: string, score: number, at: number) => Promise<Rated | undefined>
  }
}

export interface CloudflareLedgerOptions {
  readonly now: () => number
  readonly log: Ports["log"]
}

const deadlineMs = 2_000
/** An isolate calls no more often than this: a busy one would else spend more on the ledger than on its answers. */
const callEveryMs = 250
/** More than this many that wait would be a ledger that is away: the oldest are dropped. */
const mostWaiting = 2_000

/**
 * The ledger of one isolate. What comes within a quarter of a second of a call goes with the next one; who is rated in
 * the meantime is written first. It holds plain data only, because Workers forbid one request to wait for another's I/O.
 */
export const createCloudflareRequestLedger = <Id = DurableObjectId>(
  namespace: LedgerNamespace<Id>,
  { now, log }: CloudflareLedgerOptions,
): RequestLedger => {
  let waiting: LedgerEntry[] = []
  /** When the request that is writing has had its time, and another may take over: it may have died. */
  let busyUntil = 0
  let lastCallAt = Number.NEGATIVE_INFINITY
  let dropped = 0
  const objectOf = (tenant: string) => namespace.get(namespace.idFromName(tenant))

  /** Writes requests of one tenant, or as many of them as fit into one call. */
  const write = async (ofTenant: readonly LedgerEntry[]): Promise<void> => {
    const entries = ofTenant.slice(0, ledgerLimits.entriesAtOnce)
    const [first] = entries
    if (first === undefined) return
    await beforeDeadline(objectOf(first.tenant).remember(entries), deadlineMs)
    const written = new Set(entries)
    waiting = waiting.filter((entry) => !written.has(entry))
  }
  const tell = (line: Readonly<Record<string, unknown>>): void => {
    log({ ...line, waiting: waiting.length, dropped })
    dropped = 0
  }

  return {
    remember: async (entry) => {
      waiting.push(entry)
      if (waiting.length > mostWaiting) {
        waiting.shift()
        dropped++
      }
      if (now() < busyUntil) return
      try {
        while (waiting.length > 0) {
          busyUntil = now() + callEveryMs + deadlineMs
          const pauseMs = lastCallAt + callEveryMs - now()
          if (pauseMs > 0) await sleep(pauseMs)
          lastCallAt = now()
          await Promise.all(
            Map.groupBy(waiting, ({ tenant }) => tenant)
              .values()
              .map(write),
          )
        }
        if (dropped > 0) tell({ message: "requests not remembered" })
        busyUntil = 0
      } catch (error) {
        // They stay, and go with the next request's.
        tell({ message: "requests not remembered", error: String(error) })
      }
    },
    rate: async (tenant, requestId, score) => {
      // Its own call, since another request's must not be waited for; told twice, the object takes it once.
      if (waiting.some((entry) => entry.requestId === requestId)) {
        await write(waiting.filter((entry) => entry.requestId === requestId && entry.tenant === tenant))
      }
      return beforeDeadline(objectOf(tenant).rate(requestId, score, now()), deadlineMs)
    },
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
