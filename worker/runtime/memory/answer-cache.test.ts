import { expect, test } from "vitest"
import { answerCacheSuite, cachedAnswer } from "../../ports/answer-cache.suite.ts"
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
  const cache = createMemoryAnswerCache({ now: () => 0, maxEntries: 2 })
  await cache.put("old", cachedAnswer(0, 1_000))
  await cache.put("older but used", cachedAnswer(0, 1_000))
  await cache.get("old")
  await cache.put("new", cachedAnswer(0, 1_000))
  expect(await cache.get("older but used")).toBeUndefined()
  expect(await cache.get("old")).toBeDefined()
})
