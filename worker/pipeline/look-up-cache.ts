import type { CacheRecord } from "../../contract/record.ts"
import { cacheKey, sha256Hex } from "../cache/cache-key.ts"
import type { CacheKey, CacheScope } from "../cache/cache-key.ts"
import type { Gateway } from "../gateway.ts"
import type { CacheEntry } from "../ports/answer-cache.ts"
import type { CacheHit, Conversation, Miss, Question } from "./stages.ts"

/**
 * Looks for an answer to this question about these pictures. A store that is away or slow is no reason to fail: the
 * request goes on without a cache, and the record says why.
 */
export const lookUpCache = async (
  question: Question,
  { ports, settings }: Pick<Gateway, "ports" | "settings">,
): Promise<CacheHit | Miss> => {
  const { read, write, maxAgeS } = question.cacheControl
  if (ports.cache === undefined) return bypass(question, "not_configured")
  if (!read && !write) return bypass(question, "no_store")

  const key = await keyOf(question, settings.cacheSecret)
  const miss = (cache: CacheRecord): Miss => ({ found: false, question, cacheKey: key, cache })
  if (!read) return miss({ state: "refresh", key: key.key })

  let entry: CacheEntry | undefined
  try {
    entry = await ports.cache.get(key.key)
  } catch (error) {
    ports.log({ message: "cache unavailable", requestId: question.id, error: String(error) })
    return bypass(question, "store_unavailable")
  }
  if (entry === undefined) return miss({ state: "miss", key: key.key })
  const ageS = Math.max(0, (ports.now() - entry.answer.writtenAt) / 1000)
  if (maxAgeS !== undefined && ageS > maxAgeS)
    return miss({ state: "miss", reason: "older_than_max_age", key: key.key })
  return { found: true, question, cacheKey: key, entry, cache: hitRecord(entry, key, ageS) }
}

const bypass = (question: Question, reason: string): Miss => ({
  found: false,
  question,
  cache: { state: "bypass", reason },
})

const hitRecord = (entry: CacheEntry, key: CacheKey, ageS: number): CacheRecord => ({
  state: entry.answer.questionHash === key.questionHash ? "hit" : "canonical",
  key: key.key,
  ageS: Math.floor(ageS),
  hits: entry.hits + 1,
  ...(entry.lastAccessAt === undefined ? {} : { lastAccessAt: new Date(entry.lastAccessAt).toISOString() }),
  expiresAt: new Date(entry.answer.expiresAt).toISOString(),
})

const keyOf = async (question: Question, secret: string): Promise<CacheKey> => {
  const { caller, queryType, conversation, modelPolicy, detail, maxOutputTokens, temperature, language } = question
  const scope: CacheScope = {
    tenant: caller.tenant,
    modelPolicy,
    prompt: promptName(question),
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
    pictures: await Promise.all(question.images.map((image) => sha256Hex(image.bytes))),
  }
  return cacheKey(secret, scope, question.query)
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
