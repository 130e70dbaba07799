import type { LaneBook, LaneNews } from "../../../contract/lanes.ts"
import { applyLaneNews, emptyLaneBook } from "../../cache/audit/lane-book.ts"
import {
  hasNews,
  mergeLaneNews,
  noLaneNews,
  withCount,
  withFinding,
  withJudged,
  withPair,
} from "../../cache/audit/lane-news.ts"
import type { LaneLedger } from "../../ports/lane-ledger.ts"
import type { Ports } from "../../ports/ports.ts"
import type { LaneLedgerOptions } from "../memory/lane-ledger.ts"

/** With news and without; the latter so that an isolate hears of a lane that others closed. */
const syncEveryMs = 2_000
const lookEveryMs = 10_000
const deadlineMs = 2_000

/** What the ledger needs of the Durable Object's namespace. */
export interface LaneNamespace<Id> {
  readonly idFromName: (name: string) => Id
  readonly get: (id: Id) => { readonly sync: (news: unknown) => Promise<LaneBook> }
}

interface Known {
  /** The shared book with all pending news in it. */
  readonly book: LaneBook
  readonly pending: LaneNews
  readonly syncedAt: number
}

/**
 * The ledger of one isolate, over one Durable Object per tenant. Holds plain data only, because Workers forbid one
 * request to wait for another's I/O: a stub is made for each sync, and only the request that started it awaits it.
 */
export const createCloudflareLaneLedger = <Id = DurableObjectId>(
  namespace: LaneNamespace<Id>,
  { now, delta, log }: LaneLedgerOptions & Pick<Ports, "log">,
): LaneLedger => {
  const nothing = noLaneNews(delta)
  const tenants = new Map<string, Known>()
  const knownOf = (tenant: string): Known =>
    tenants.get(tenant) ?? { book: emptyLaneBook, pending: nothing, syncedAt: Number.NEGATIVE_INFINITY }
  const note = (tenant: string, add: (news: LaneNews) => LaneNews): void => {
    const known = knownOf(tenant)
    tenants.set(tenant, {
      ...known,
      book: applyLaneNews(known.book, add(nothing), now()),
      pending: add(known.pending),
    })
  }
  const exchange = async (tenant: string): Promise<LaneBook> => {
    const { book, pending: told } = knownOf(tenant)
    // Said before the call, not after: a request that dies in mid-sync must not keep the others from syncing.
    tenants.set(tenant, { book, pending: nothing, syncedAt: now() })
    try {
      const shared = await beforeDeadline(namespace.get(namespace.idFromName(tenant)).sync(told))
      const { pending, syncedAt } = knownOf(tenant)
      tenants.set(tenant, { book: applyLaneNews(shared, pending, now()), pending, syncedAt })
      return shared
    } catch (error) {
      const known = knownOf(tenant)
      tenants.set(tenant, { ...known, pending: mergeLaneNews(told, known.pending) })
      throw error
    }
  }
  return {
    book: (tenant) => knownOf(tenant).book,
    count: (tenant, queryType, state) => note(tenant, (news) => withCount(news, queryType, state)),
    learn: (tenant, finding) => note(tenant, (news) => withFinding(news, finding)),
    learnPair: (tenant, pair) => note(tenant, (news) => withPair(news, pair)),
    judged: (tenant) => note(tenant, withJudged),
    sync: (tenant) => {
      const { pending, syncedAt } = knownOf(tenant)
      if (now() - syncedAt < (hasNews(pending) ? syncEveryMs : lookEveryMs)) return undefined
      return exchange(tenant).then(
        () => undefined,
        (error: unknown) => log({ message: "lane news not shared", error: String(error) }),
      )
    },
    status: exchange,
  }
}

const beforeDeadline = async <T>(work: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${deadlineMs} ms.`)), deadlineMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
