import { epochOf, invalidated, noEpoch, stampFor, stands } from "../../cache/epochs.ts"
import type { Epoch, Epochs } from "../../cache/epochs.ts"
import { memberOf, membersThatStand, withMember } from "../../cache/group.ts"
import type { Member } from "../../cache/group.ts"
import { weightBytes } from "../../cache/weight.ts"
import { aliasLimit } from "../../ports/answer-cache.ts"
import type { AnswerCache, CacheAddress, CacheEntry, CachedAnswer } from "../../ports/answer-cache.ts"

export interface MemoryCacheOptions {
  readonly now: () => number
  /** Names a tenant's book of invalidations, uniquely. */
  readonly newBase?: () => string
  /** For answers and what their groups hold of them. */
  readonly maxBytes?: number
}

interface Kept {
  readonly address: CacheAddress
  /** Another than the address's own in an alias. */
  readonly id: string
  readonly answer: CachedAnswer
  readonly aliasSeal?: string
  readonly stamp: Epoch
  readonly labels: readonly string[]
  readonly aliases: Set<string>
  readonly bytes: number
  hits: number
  lastAccessAt?: number
}

/** Answers in the memory of one process; the one that was longest unused goes first. */
export const createMemoryAnswerCache = ({
  now,
  newBase = () => crypto.randomUUID(),
  maxBytes = 64 * 1024 * 1024,
}: MemoryCacheOptions): AnswerCache => {
  /** In order of use, the longest unused first. */
  const entries = new Map<string, Kept>()
  const groups = new Map<string, readonly Member[]>()
  const books = new Map<string, Epochs>()
  let bytes = 0

  const forget = (key: string): void => {
    bytes -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }
  const drop = (kept: Kept): void => {
    forget(keyOf(kept.address))
    change(kept.address, (members) =>
      members.filter(({ near }) => near.id !== kept.address.entry || near.quarantined === true),
    )
  }
  const change = (address: CacheAddress, to: (members: readonly Member[]) => readonly Member[]): void => {
    const members = to(groups.get(groupKeyOf(address)) ?? [])
    if (members.length === 0) groups.delete(groupKeyOf(address))
    else groups.set(groupKeyOf(address), members)
  }
  const live = (address: CacheAddress): Kept | undefined => {
    const kept = entries.get(keyOf(address))
    const book = books.get(address.tenant)
    if (kept === undefined || book === undefined) return undefined
    if (kept.answer.expiresAt > now() && stands(kept.stamp, kept.labels, book)) return kept
    drop(kept)
    return undefined
  }
  const use = (kept: Kept): void => {
    entries.delete(keyOf(kept.address))
    entries.set(keyOf(kept.address), kept)
  }
  const keep = (kept: Kept): void => {
    forget(keyOf(kept.address))
    use(kept)
    bytes += kept.bytes
    for (const longestUnused of entries.values()) {
      if (bytes <= maxBytes) break
      drop(longestUnused)
    }
  }

  return {
    lookUp: async (address) => {
      const book = books.get(address.tenant)
      const kept = live(address)
      const epoch = book === undefined ? noEpoch : epochOf(book)
      if (kept === undefined) {
        const members = groups.get(groupKeyOf(address)) ?? []
        const standing = book === undefined ? [] : membersThatStand(members, book, now())
        return { found: false, epoch, neighbors: standing.map(({ near }) => near) }
      }
      use(kept)
      return { found: true, epoch, entry: toEntry(kept) }
    },
    read: async (address) => {
      const kept = live(address)
      return kept === undefined || kept.id !== address.entry ? undefined : toEntry(kept)
    },
    write: async (address, { answer, epoch, labels, near }) => {
      const book = books.get(address.tenant) ?? { base: newBase(), clock: 0, labels: new Map() }
      const stamp = stampFor(epoch, labels, book)
      if (stamp === undefined) return
      books.set(address.tenant, book)
      const weight = weightBytes(answer, near?.vector)
      // Those that were made before lead to the old answer until it ends, and are as wrong as their entry may be.
      const aliases = entries.get(keyOf(address))?.aliases ?? new Set()
      keep({ address, id: address.entry, answer, stamp, labels, aliases, bytes: weight, hits: 0 })
      if (near === undefined) return
      const member = memberOf(address, answer, near, { stamp, labels })
      change(address, (members) => withMember(members, member, now(), book))
    },
    touch: async (address, _, at) => {
      const kept = live(address)
      if (kept === undefined) return
      kept.hits++
      kept.lastAccessAt = at
      change(address, (members) =>
        members.map((member) => (member.near.id === kept.id ? { ...member, usedAt: at } : member)),
      )
    },
    alias: async (from, id, seal) => {
      const kept = live({ ...from, entry: id })
      if (kept === undefined || kept.id !== id || kept.aliases.size >= aliasLimit || from.entry === id) return
      kept.aliases.add(from.entry)
      const { answer, stamp, labels } = kept
      const aliasSeal = seal === undefined ? {} : { aliasSeal: seal }
      const weight = weightBytes(answer)
      keep({ address: from, id, answer, ...aliasSeal, stamp, labels, aliases: new Set(), bytes: weight, hits: 0 })
    },
    quarantine: async (address) => {
      const id = entries.get(keyOf(address))?.id ?? address.entry
      const kept = entries.get(keyOf({ ...address, entry: id }))
      for (const entry of [address.entry, id, ...(kept?.aliases ?? [])]) forget(keyOf({ ...address, entry }))
      change(address, (members) =>
        members.map((member) =>
          member.near.id === id ? { ...member, near: { ...member.near, quarantined: true } } : member,
        ),
      )
    },
    remove: async (address) => {
      const kept = entries.get(keyOf(address))
      if (kept !== undefined) drop(kept)
    },
    invalidate: async (tenant, labels) => {
      const book = books.get(tenant) ?? { base: newBase(), clock: 0, labels: new Map() }
      books.set(tenant, invalidated(book, labels, newBase()))
    },
  }
}

const groupKeyOf = ({ tenant, group }: CacheAddress): string => `${tenant}:${group}`
const keyOf = (address: CacheAddress): string => `${groupKeyOf(address)}:${address.entry}`

const toEntry = ({ id, answer, hits, lastAccessAt, aliasSeal }: Kept): CacheEntry => ({
  id,
  answer,
  hits,
  ...(lastAccessAt === undefined ? {} : { lastAccessAt }),
  ...(aliasSeal === undefined ? {} : { aliasSeal }),
})
