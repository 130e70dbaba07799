import { expect, test } from "vitest"
import { answerCacheSuite, cachedAnswer, findEntry, freshAddress, keep } from "../../ports/answer-cache.suite.ts"
import { createMemoryAnswerCache } from "./answer-cache.ts"

answerCacheSuite("memory", () => {
  let at = 1_000_000
  const now = (): number => at
  return {
    cache: createMemoryAnswerCache({ now }),
    now,
    pass: async (ms) => {
      at += ms
    },
  }
})

test("a full cache forgets what was longest unused", async () => {
  const cache = createMemoryAnswerCache({ now: () => 0, maxBytes: 2_500 })
  const [old, olderButUsed, added] = [freshAddress(), freshAddress(), freshAddress()]
  await keep(cache, olderButUsed, cachedAnswer(0, 1_000))
  await keep(cache, old, cachedAnswer(0, 1_000))
  await findEntry(cache, olderButUsed)
  await keep(cache, added, cachedAnswer(0, 1_000))
  expect(await findEntry(cache, old)).toBeUndefined()
  expect(await findEntry(cache, olderButUsed)).toBeDefined()
  expect(await findEntry(cache, added)).toBeDefined()
})

test("an answer larger than all of its memory is not kept, and nothing else is harmed for long", async () => {
  const cache = createMemoryAnswerCache({ now: () => 0, maxBytes: 2_500 })
  const [large, small] = [freshAddress(), freshAddress()]
  await keep(cache, large, cachedAnswer(0, 1_000, "x".repeat(5_000)))
  expect(await findEntry(cache, large)).toBeUndefined()
  await keep(cache, small, cachedAnswer(0, 1_000))
  expect(await findEntry(cache, small)).toBeDefined()
})
