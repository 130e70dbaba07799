import type { CacheRecord, CacheState } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import type { CacheAddress, CacheEntry } from "../ports/answer-cache.ts"
import { findGroup } from "./find-group.ts"
import { findNearAnswer } from "./find-near-answer.ts"
import type { CacheHit, Miss, Neighbor, Question } from "./stages.ts"

type Looking = Pick<Gateway, "ports" | "settings" | "cacheKeys" | "embedder" | "latestEpoch" | "pictureMemory">

/**
 * Looks for an answer to this question about these pictures: under its own address, else among the group's other
 * questions. A store that is away or slow is no reason to fail: the request goes on without a cache, and the record says
 * why.
 */
export const lookUpCache = async (question: Question, gateway: Looking): Promise<CacheHit | Miss> => {
  const { ports } = gateway
  const { read, write, key: chosenKey } = question.cacheWishes
  if (ports.cache === undefined) return bypass(question, "not_configured")
  if (!read && !write) return bypass(question, "no_store")

  const group = await findGroup(question, gateway)
  const { address } = group
  // One candidate's answer is none to wait for where several are to agree, nor is one that an invalidation overtook.
  const flightKeyAt = (epoch: string): string => `${address.entry}:${question.votes}:${epoch}`
  if (group.isAway) {
    // Requests that ask the same still share one answer, now that the cache does not keep them off the providers.
    const flightKey = flightKeyAt(gateway.latestEpoch(address.tenant) ?? "")
    return { ...bypass(question, "store_unavailable"), flightKey }
  }
  const { looked, place, pictures } = group
  const known = pictures === undefined ? {} : { pictures }
  const miss = { found: false, question, place, flightKey: flightKeyAt(looked.epoch) } as const
  if (!read) return { ...miss, cache: { state: "refresh", key: address.entry } }
  if (looked.found) {
    const { entry } = looked
    // An alias was made for this very wording.
    const same = chosenKey !== undefined || entry.answer.question === question.query || entry.id !== address.entry
    return take(question, { address, entry, state: same ? "hit" : "canonical", ...known }, miss, ports)
  }
  if (!mayBeNear(question, gateway) || looked.neighbors.length === 0) {
    return { ...miss, cache: { state: "miss", key: address.entry, ...known } }
  }
  const found = await findNearAnswer(question, place, looked.neighbors, gateway)
  if ("entry" in found) return take(question, { ...found, state: "near", ...known }, miss, ports)
  const { vector, near, neighbor } = found
  return {
    ...miss,
    ...(neighbor === undefined ? {} : { neighbor }),
    place: { ...place, ...(vector === undefined ? {} : { vector }) },
    cache: { state: "miss", key: address.entry, near, ...known },
  }
}

/** Whether this question may be answered from a neighbor, or be one. */
export const mayBeNear = (
  { cacheWishes }: Pick<Question, "cacheWishes">,
  { settings }: Pick<Gateway, "settings">,
): boolean => settings.nearLane.on && cacheWishes.key === undefined

interface Found extends Pick<CacheRecord, "near" | "pictures"> {
  readonly address: CacheAddress
  readonly entry: CacheEntry
  readonly state: CacheState
  readonly neighbor?: Neighbor
}

/** A hit, unless the caller wants nothing that old. */
const take = (
  question: Question,
  { address, entry, state, near, neighbor, pictures }: Found,
  miss: Omit<Miss, "cache">,
  { now }: Pick<Gateway["ports"], "now">,
): CacheHit | Miss => {
  const { maxAgeS } = question.cacheWishes
  const ageS = Math.max(0, (now() - entry.answer.writtenAt) / 1000)
  const told = {
    key: address.entry,
    ...(near === undefined ? {} : { near }),
    ...(pictures === undefined ? {} : { pictures }),
  }
  if (maxAgeS !== undefined && ageS > maxAgeS) {
    return { ...miss, cache: { state: "miss", reason: "older_than_max_age", ...told } }
  }
  const cache: CacheRecord = {
    state,
    ...told,
    ageS: Math.floor(ageS),
    hits: entry.hits + 1,
    ...(entry.lastAccessAt === undefined ? {} : { lastAccessAt: new Date(entry.lastAccessAt).toISOString() }),
    expiresAt: new Date(entry.answer.expiresAt).toISOString(),
  }
  return { found: true, question, address, entry, cache, ...(neighbor === undefined ? {} : { neighbor }) }
}

const bypass = (question: Question, reason: string): Miss => ({
  found: false,
  question,
  cache: { state: "bypass", reason },
})
