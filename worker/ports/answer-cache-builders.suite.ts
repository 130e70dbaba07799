import type { AnswerCache, AnswerToKeep, CacheAddress, CacheEntry, CachedAnswer } from "./answer-cache.ts"

export interface CacheUnderTest {
  readonly cache: AnswerCache
  /** The store's own clock; entries end by it. */
  readonly now: () => number
  /** Lets the store's clock pass this time. */
  readonly pass: (ms: number) => Promise<void>
}

const hex = (length: number): string =>
  Array.from({ length }, () => Math.floor(Math.random() * 16).toString(16)).join("")
/** An address in a group of a tenant that no other test has seen; with a group's address, another entry of it. */
export const freshAddress = (within: Partial<CacheAddress> = {}): CacheAddress => ({
  tenant: hex(32),
  group: hex(64),
  entry: hex(64),
  ...within,
})
export const siblingOf = ({ tenant, group }: CacheAddress): CacheAddress => freshAddress({ tenant, group })

export const cachedAnswer = (writtenAt: number, lifeMs: number, answer = "Q3 — “C16”, 230 V ±10 %"): CachedAnswer => ({
  question: "Which breaker is Q3? 電気",
  answer,
  provider: "openai",
  model: "gpt-4o",
  finishReason: "stop",
  usage: { inputTokens: 10, outputTokens: 5, cachedInputTokens: 0 },
  costUsd: 0.00025,
  imageTokens: 7,
  writtenAt,
  expiresAt: writtenAt + lifeMs,
  seal: "sealed",
})

export const near: NonNullable<AnswerToKeep["near"]> = {
  embedder: "test-4",
  vector: Int8Array.from([127, -128, 0, 64]),
  answerHash: "5a",
}

/** Asks, as every writer does, and writes what was not found. */
export const keep = async (
  cache: AnswerCache,
  address: CacheAddress,
  answer: CachedAnswer,
  rest: Partial<AnswerToKeep> = {},
): Promise<void> => {
  const { epoch } = await cache.lookUp(address)
  await cache.write(address, { answer, epoch, labels: [], ...rest })
}

export const findEntry = async (cache: AnswerCache, address: CacheAddress): Promise<CacheEntry | undefined> => {
  const looked = await cache.lookUp(address)
  return looked.found ? looked.entry : undefined
}
export const mustFind = async (cache: AnswerCache, address: CacheAddress): Promise<CacheEntry> => {
  const entry = await findEntry(cache, address)
  if (entry === undefined) throw new Error("not found")
  return entry
}
export const neighborsOf = async (cache: AnswerCache, address: CacheAddress) => {
  const looked = await cache.lookUp(siblingOf(address))
  if (looked.found) throw new Error("found something under an address that is new")
  return looked.neighbors
}
