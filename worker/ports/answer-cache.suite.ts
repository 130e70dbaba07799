import { describe } from "vitest"
import { aliasesSuite } from "./answer-cache-aliases.suite.ts"
import type { CacheUnderTest } from "./answer-cache-builders.suite.ts"
import { entriesSuite } from "./answer-cache-entries.suite.ts"
import { epochsSuite } from "./answer-cache-epochs.suite.ts"

export { cachedAnswer, findEntry, freshAddress, keep, near } from "./answer-cache-builders.suite.ts"

/** What every answer cache promises. */
export const answerCacheSuite = (name: string, start: () => CacheUnderTest): void => {
  describe(`answer cache: ${name}`, () => {
    entriesSuite(start)
    epochsSuite(start)
    aliasesSuite(start)
  })
}
