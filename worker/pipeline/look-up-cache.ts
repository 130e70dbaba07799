import type { CacheRecord } from "../../contract/record.ts"
import { sha256Hex } from "../cache/cache-key.ts"
import type { CacheScope } from "../cache/cache-key.ts"
import type { Gateway } from "../gateway.ts"
import type { CacheAddress, CacheEntry, Lookup } from "../ports/answer-cache.ts"
import type { CacheHit, CachePlace, Conversation, Miss, Question } from "./stages.ts"

/**
 * Looks for an answer to this question about these pictures. A store that is away or slow is no reason to fail: the
 * request goes on without a cache, and the record says why.
 */
export const lookUpCache = async (
  question: Question,
  { ports, cacheKeys }: Pick<Gateway, "ports" | "cacheKeys">,
): Promise<CacheHit | Miss> => {
  const { read, write, maxAgeS } = question.cacheControl
  if (ports.cache === undefined) return bypass(question, "not_configured")
  if (!read && !write) return bypass(question, "no_store")

  const pictures = await Promise.all(question.images.map((image) => sha256Hex(image.bytes)))
  const address = await cacheKeys.addressOf(scopeOf(question, pictures), question.query)
  let looked: Lookup
  try {
    // Also where nothing may be read: a write needs to know the epoch at which its answer was asked for.
    looked = await ports.cache.lookUp(address)
  } catch (error) {
    ports.log({ message: "cache unavailable", requestId: question.id, error: String(error) })
    return bypass(question, "store_unavailable")
  }
  const place: CachePlace = { address, epoch: looked.epoch, pictures }
  const key = address.entry
  const miss = (cache: CacheRecord): Miss => ({ found: false, question, place, cache })
  if (!read) return miss({ state: "refresh", key })
  if (!looked.found) return miss({ state: "miss", key })
  const { entry } = looked
  const ageS = Math.max(0, (ports.now() - entry.answer.writtenAt) / 1000)
  if (maxAgeS !== undefined && ageS > maxAgeS) return miss({ state: "miss", reason: "older_than_max_age", key })
  return { found: true, question, address, entry, cache: hitRecord(question, address, entry, ageS) }
}

const bypass = (question: Question, reason: string): Miss => ({
  found: false,
  question,
  cache: { state: "bypass", reason },
})

const hitRecord = (question: Question, address: CacheAddress, entry: CacheEntry, ageS: number): CacheRecord => ({
  state: entry.answer.question === question.query ? "hit" : "canonical",
  key: address.entry,
  ageS: Math.floor(ageS),
  hits: entry.hits + 1,
  ...(entry.lastAccessAt === undefined ? {} : { lastAccessAt: new Date(entry.lastAccessAt).toISOString() }),
  expiresAt: new Date(entry.answer.expiresAt).toISOString(),
})

const scopeOf = (question: Question, pictures: readonly string[]): CacheScope => {
  const { caller, queryType, conversation, modelPolicy, detail, maxOutputTokens, temperature, language } = question
  return {
    tenant: caller.tenant,
    modelPolicy,
    prompt: promptName(question),
    queryType: queryType.name,
    schema: conversation?.schema ?? queryType.schema,
    parameters: {
      detail,
      maxOutputTokens,
      temperature,
      language,
      topP: conversation?.topP,
      stop: conversation?.stop,
    },
    conversation: conversation === undefined ? undefined : withoutQuestion(conversation),
    pictures,
  }
}

/** Template and version, or `verbatim` where the client's own messages are sent. */
export const promptName = ({ conversation, queryType }: Question): string =>
  conversation === undefined ? `${queryType.name}@${queryType.version}` : "verbatim"

/** The question's own text is compared by its canonical form; everything around it must be equal. */
const withoutQuestion = ({ system, turns }: Conversation): unknown => {
  const last = turns.at(-1)
  return {
    system,
    before: turns.slice(0, -1),
    around: last?.parts.map((part) => (part.type === "text" ? "text" : part)),
  }
}
