import type { AnswerCache, CacheAddress, CacheEntry } from "../ports/answer-cache.ts"
import type { Epoch } from "./epochs.ts"
import { weightBytes } from "./weight.ts"

export interface FrontCacheOptions {
  readonly now: () => number
  /** What was found is given again for this long without asking the store; so long may an invalidation go unseen. */
  readonly holdMs?: number
  readonly maxBytes?: number
}

export interface FrontCache extends AnswerCache {
  /** The latest epoch of the tenant that the store told, for when it tells nothing. */
  readonly latestEpoch: (tenant: string) => Epoch | undefined
}

interface Held {
  readonly address: CacheAddress
  readonly epoch: Epoch
  readonly entry: CacheEntry
  readonly until: number
  readonly bytes: number
}

/**
 * Holds what was found or written a moment ago in the memory of this isolate, so that a burst of one question costs the
 * store one trip. Bounded in time, which is what makes invalidations elsewhere seen here, and in bytes.
 */
export const createFrontCache = (
  cache: AnswerCache,
  { now, holdMs = 10_000, maxBytes = 4 * 1024 * 1024 }: FrontCacheOptions,
): FrontCache => {
  /** The longest unused first. */
  const held = new Map<string, Held>()
  /** By tenant: the latest epoch that was heard of, and the latest that an invalidation from here made void. */
  const latest = new Map<string, Epoch>()
  const voided = new Map<string, Epoch>()
  let invalidations = 0
  let bytes = 0

  const drop = (key: string): void => {
    bytes -= held.get(key)?.bytes ?? 0
    held.delete(key)
  }
  const dropWhere = (matches: (address: CacheAddress) => boolean): void => {
    for (const [key, { address }] of held) if (matches(address)) drop(key)
  }
  const hold = (address: CacheAddress, entry: CacheEntry, epoch: Epoch): void => {
    const key = keyOf(address)
    const added: Held = { address, entry, epoch, until: now() + holdMs, bytes: weightBytes(entry.answer) }
    drop(key)
    held.set(key, added)
    bytes += added.bytes
    for (const longestUnused of held.keys()) {
      if (bytes <= maxBytes) break
      drop(longestUnused)
    }
  }
  const find = (address: CacheAddress): Held | undefined => {
    const key = keyOf(address)
    const found = held.get(key)
    if (found === undefined) return undefined
    if (found.until <= now() || found.entry.answer.expiresAt <= now()) {
      drop(key)
      return undefined
    }
    held.delete(key)
    held.set(key, found)
    return found
  }

  return {
    latestEpoch: (tenant) => latest.get(tenant),
    lookUp: async (address) => {
      const found = find(address)
      if (found !== undefined) return { found: true, epoch: found.epoch, entry: found.entry }
      const before = invalidations
      const looked = await cache.lookUp(address)
      if (isLater(looked.epoch, latest.get(address.tenant))) latest.set(address.tenant, looked.epoch)
      // What was found while an invalidation was under way may be what it takes out.
      if (looked.found && invalidations === before) hold(address, looked.entry, looked.epoch)
      return looked
    },
    read: async (address) => {
      const found = find(address)
      return found?.entry.id === address.entry ? found.entry : cache.read(address)
    },
    write: (address, kept) => {
      const overtaken = !isLater(kept.epoch, voided.get(address.tenant))
      if (overtaken) drop(keyOf(address))
      else hold(address, { id: address.entry, answer: kept.answer, hits: 0 }, kept.epoch)
      return cache.write(address, kept)
    },
    touch: (address, entry, at) => {
      const found = held.get(keyOf(address))
      if (found !== undefined) {
        const touched = { ...found.entry, hits: found.entry.hits + 1, lastAccessAt: at }
        held.set(keyOf(address), { ...found, entry: touched })
      }
      return cache.touch(address, entry, at)
    },
    alias: (from, id, seal) => {
      drop(keyOf(from))
      return cache.alias(from, id, seal)
    },
    quarantine: (address) => {
      dropWhere(({ tenant, group }) => tenant === address.tenant && group === address.group)
      return cache.quarantine(address)
    },
    remove: (address) => {
      drop(keyOf(address))
      return cache.remove(address)
    },
    invalidate: async (tenant, labels) => {
      await cache.invalidate(tenant, labels)
      invalidations++
      dropWhere((address) => address.tenant === tenant)
      const epoch = latest.get(tenant)
      if (epoch !== undefined) voided.set(tenant, epoch)
    },
  }
}

const keyOf = ({ tenant, group, entry }: CacheAddress): string => `${tenant}:${group}:${entry}`

/** Of two epochs of one book; epochs of different books cannot be compared, and the first counts as the later. */
const isLater = (one: Epoch | undefined, other: Epoch | undefined): boolean => {
  if (one === undefined) return false
  if (other === undefined) return true
  const [[base, clock], [otherBase, otherClock]] = [one.split("."), other.split(".")]
  return base !== otherBase || Number(clock) > Number(otherClock)
}
