import { describe, expect, test } from "vitest"
import type { AnswerCache, CachedAnswer } from "./answer-cache.ts"

export interface CacheUnderTest {
  readonly cache: AnswerCache
  /** The store's own clock; entries end by it. */
  readonly now: () => number
  /** Lets the store's clock pass this time. */
  readonly pass: (ms: number) => Promise<void>
}

let keys = 0
export const freshKey = (): string => `voltgate:answer:1:test-${++keys}-${Math.random()}`

export const cachedAnswer = (writtenAt: number, lifeMs: number): CachedAnswer => ({
  answer: "Q3 — “C16”, 230 V ±10 %",
  provider: "openai",
  model: "gpt-4o",
  finishReason: "stop",
  usage: { inputTokens: 10, outputTokens: 5, cachedInputTokens: 0 },
  costUsd: 0.00025,
  imageTokens: 7,
  questionHash: "abc",
  writtenAt,
  expiresAt: writtenAt + lifeMs,
})

/** What every answer cache promises. */
export const answerCacheSuite = (name: string, start: () => CacheUnderTest): void => {
  describe(`answer cache: ${name}`, () => {
    test("finds nothing under a key that was never written", async () => {
      expect(await start().cache.get(freshKey())).toBeUndefined()
    })

    test("gives back what was put, unused so far", async () => {
      const { cache, now } = start()
      const [key, answer] = [freshKey(), cachedAnswer(now(), 60_000)]
      await cache.put(key, answer)
      expect(await cache.get(key)).toEqual({ answer, hits: 0 })
    })

    test("counts hits and remembers the last one", async () => {
      const { cache, now } = start()
      const key = freshKey()
      await cache.put(key, cachedAnswer(now(), 60_000))
      const entry = await cache.get(key)
      if (entry === undefined) throw new Error("not found")
      await cache.touch(key, entry, 1_000)
      await cache.touch(key, entry, 2_000)
      expect(await cache.get(key)).toMatchObject({ hits: 2, lastAccessAt: 2_000 })
    })

    test("a new answer takes the old one's place, with its counts", async () => {
      const { cache, now } = start()
      const key = freshKey()
      await cache.put(key, cachedAnswer(now(), 60_000))
      const entry = await cache.get(key)
      if (entry === undefined) throw new Error("not found")
      await cache.touch(key, entry, 1_000)
      await cache.put(key, { ...cachedAnswer(now(), 60_000), answer: "new" })
      expect(await cache.get(key)).toEqual({ answer: expect.objectContaining({ answer: "new" }), hits: 0 })
    })

    test("an entry ends when its time is over, and a hit does not prolong it", async () => {
      const { cache, now, pass } = start()
      const key = freshKey()
      await cache.put(key, cachedAnswer(now(), 1_000))
      const entry = await cache.get(key)
      if (entry === undefined) throw new Error("not found")
      await pass(600)
      await cache.touch(key, entry, now())
      await pass(600)
      expect(await cache.get(key)).toBeUndefined()
    })

    test("counting a hit on an entry that has just gone brings nothing back", async () => {
      const { cache, now, pass } = start()
      const key = freshKey()
      await cache.put(key, cachedAnswer(now(), 500))
      const entry = await cache.get(key)
      if (entry === undefined) throw new Error("not found")
      await pass(600)
      await cache.touch(key, entry, now())
      expect(await cache.get(key)).toBeUndefined()
    })
  })
}
