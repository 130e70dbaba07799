import type { AnswerEpochs, EpochNews } from "../../../durable-objects/answer-epochs.ts"
import type { AnswerShard } from "../../../durable-objects/answer-shard.ts"
import type { FoundEntry } from "../../../durable-objects/answer-tables.ts"
import { epochOf, stands } from "../../cache/epochs.ts"
import type { Epochs } from "../../cache/epochs.ts"
import { membersThatStand } from "../../cache/group.ts"
import { readAnswer } from "../../cache/stored.ts"
import type { AnswerCache, CacheAddress, CacheEntry } from "../../ports/answer-cache.ts"
import { createBreaker } from "../upstash/breaker.ts"
import { beforeDeadline } from "./before-deadline.ts"

export interface DurableCacheOptions {
  readonly shards: Pick<DurableObjectNamespace<AnswerShard>, "idFromName" | "get">
  readonly epochs: Pick<DurableObjectNamespace<AnswerEpochs>, "idFromName" | "get">
  readonly now: () => number
  /** For each call to an object; it may be in another region than the request, or asleep. */
  readonly timeoutMs?: number
}

/** How long a tenant's invalidations elsewhere may go unseen here. Together with what an isolate holds, it is under 30 s. */
const bookLifeMs = 10_000

/**
 * Answers in Durable Objects, for deployments without Redis. A tenant's picture groups are spread over shards; whether
 * what lies there still stands is told by the tenant's book of invalidations, of which each isolate keeps a copy for some
 * seconds. So a lookup is one call, or two at once. Stubs are made for each call: they must not outlive a request.
 */
export const createDurableAnswerCache = ({
  shards,
  epochs,
  now,
  timeoutMs = 300,
}: DurableCacheOptions): AnswerCache => {
  const books = new Map<string, { readonly book: Epochs; readonly readAt: number }>()
  let invalidations = 0
  const guard = () => {
    const breaker = createBreaker({ now })
    return <T>(work: () => Promise<T>): Promise<T> => breaker(() => beforeDeadline(work(), timeoutMs))
  }
  /** Apart, because a success of one kind of object says nothing of the other. */
  const [guarded, guardedBook] = [guard(), guard()]

  const shardOf = (address: CacheAddress) => shards.get(shards.idFromName(shardName(address)))
  const epochsOf = (tenant: string) => epochs.get(epochs.idFromName(tenant))

  const readBook = async (tenant: string): Promise<Epochs> => {
    const known = books.get(tenant)
    if (known !== undefined && now() - known.readAt < bookLifeMs) return known.book
    const [readAt, before] = [now(), invalidations]
    const news = await guardedBook(() =>
      epochsOf(tenant).read(known && { base: known.book.base, clock: known.book.clock }),
    )
    const book = withNews(known?.book, news)
    // A reading that was under way during an invalidation may not know of it.
    if (invalidations === before) books.set(tenant, { book, readAt })
    return book
  }
  /** Undefined for what does not stand; what cannot be read is removed too. */
  const toEntry = async (address: CacheAddress, found: FoundEntry, book: Epochs): Promise<CacheEntry | undefined> => {
    const { answer: text, stamp, labels, ...rest } = found
    const answer = stands(stamp, labels, book) ? readAnswer(text) : undefined
    if (answer !== undefined) return answer.expiresAt > now() ? { ...rest, answer } : undefined
    await guarded(() => shardOf(address).remove(address.group, address.entry)).catch(() => undefined)
    return undefined
  }

  return {
    lookUp: async (address) => {
      const ask = () => guarded(() => shardOf(address).lookUp(address.group, address.entry))
      const [book, reply] = await Promise.all([readBook(address.tenant), ask()])
      const epoch = epochOf(book)
      const entry = reply.entry === undefined ? undefined : await toEntry(address, reply.entry, book)
      if (entry !== undefined) return { found: true, epoch, entry }
      // What was found and did not stand is removed by now, so this gives the group.
      const { members } = reply.entry === undefined ? reply : await ask()
      return { found: false, epoch, neighbors: membersThatStand(members, book, now()).map(({ near }) => near) }
    },
    read: async (address) => {
      const [book, found] = await Promise.all([
        readBook(address.tenant),
        guarded(() => shardOf(address).read(address.group, address.entry)),
      ])
      return found === undefined ? undefined : toEntry(address, found, book)
    },
    write: async (address, { answer, epoch, labels, near }) => {
      const known = books.get(address.tenant)
      // It would take the place of one that stands.
      if (known !== undefined && !stands(epoch, labels, known.book)) return
      const kept = { epoch, labels, ...(near === undefined ? {} : { near }) }
      await guarded(() => shardOf(address).write(address.group, address.entry, answer, kept))
    },
    touch: async (address, { id }, at) => {
      await guarded(() => shardOf(address).touch(address.group, address.entry, id, at))
    },
    alias: async (from, id, seal) => {
      if (from.entry !== id) await guarded(() => shardOf(from).alias(from.group, from.entry, id, seal))
    },
    quarantine: async (address) => {
      await guarded(() => shardOf(address).quarantine(address.group, address.entry))
    },
    remove: async (address) => {
      await guarded(() => shardOf(address).remove(address.group, address.entry))
    },
    invalidate: async (tenant, labels) => {
      await guardedBook(() => epochsOf(tenant).invalidate(labels))
      invalidations++
      books.delete(tenant)
    },
  }
}

/** Sixteen shards a tenant: the groups of one picture stay together, and no object has all. */
const shardName = ({ tenant, group }: CacheAddress): string => `${tenant}:${group.slice(0, 1)}`

const withNews = (known: Epochs | undefined, { base, clock, labels }: EpochNews): Epochs => ({
  base,
  clock,
  labels: new Map([
    ...(known?.base === base ? known.labels : []),
    ...labels.map(({ label, tick }) => [label, tick] as const),
  ]),
})
