import type { AnswerCache, CacheAddress, CacheEntry, CachedAnswer } from "../ports/answer-cache.ts"
import { stableJson } from "./cache-key.ts"
import { deriveKey, hex, hmac } from "./hmac.ts"

/**
 * A cache that believes nothing its store says. Each answer carries a seal over itself and its address, each alias one
 * over where it leads, so whoever can write to the store (a leaked token, a neighbor in a shared database) can neither
 * forge an answer, nor change one or its life, nor pass one off under another question or to another tenant. What bears
 * no valid seal is nothing, and is removed.
 */
export const createSealedCache = (cache: AnswerCache, secret: string): AnswerCache => {
  let sealKey: Promise<CryptoKey> | undefined
  const sign = async (text: string): Promise<string> => {
    sealKey ??= deriveKey(secret, "seal")
    return hex(await hmac(await sealKey, text))
  }
  const sealOf = (address: CacheAddress, answer: CachedAnswer): Promise<string> => {
    const { seal: _, ...sealed } = answer
    return sign(`answer:${textOf(address)}:${stableJson(sealed)}`)
  }
  const aliasSealOf = (from: CacheAddress, id: string): Promise<string> => sign(`alias:${textOf(from)}:${id}`)

  const isGenuine = async (address: CacheAddress, { id, answer, aliasSeal }: CacheEntry): Promise<boolean> => {
    if (answer.seal !== (await sealOf({ ...address, entry: id }, answer))) return false
    return id === address.entry || aliasSeal === (await aliasSealOf(address, id))
  }
  const discard = (address: CacheAddress): Promise<void> => cache.remove(address).catch(() => undefined)

  return {
    ...cache,
    lookUp: async (address) => {
      const looked = await cache.lookUp(address)
      if (!looked.found || (await isGenuine(address, looked.entry))) return looked
      await discard(address)
      return { found: false, epoch: looked.epoch, neighbors: [] }
    },
    read: async (address) => {
      const entry = await cache.read(address)
      if (entry === undefined || (await isGenuine(address, entry))) return entry
      await discard(address)
      return undefined
    },
    write: async (address, kept) => {
      const answer = { ...kept.answer, seal: await sealOf(address, kept.answer) }
      await cache.write(address, { ...kept, answer })
    },
    alias: async (from, id) => cache.alias(from, id, await aliasSealOf(from, id)),
  }
}

const textOf = ({ tenant, group, entry }: CacheAddress): string => `${tenant}:${group}:${entry}`
