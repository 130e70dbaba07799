import type { QueryResults } from "../../ports/query-results.ts"
import { createBreaker } from "./breaker.ts"
import { openRedis } from "./open-redis.ts"
import { withoutSecrets } from "./without-secrets.ts"

export interface UpstashQueryResultsOptions {
  readonly url: string
  readonly token: string
  readonly now: () => number
  /** For each call to the store. */
  readonly timeoutMs?: number
}

/** Query results in the cache's Redis, one string a key; with a deadline and a breaker, as for answers. */
export const createUpstashQueryResults = ({
  url,
  token,
  now,
  timeoutMs = 150,
}: UpstashQueryResultsOptions): QueryResults => {
  const redis = openRedis(url, token, timeoutMs)
  const breaker = createBreaker({ now })
  const guarded = <T>(work: () => Promise<T>): Promise<T> => breaker(() => withoutSecrets(token, work))
  return {
    get: async (key) => (await guarded(() => redis.get<string>(key))) ?? undefined,
    put: async (key, text, lifeMs) => {
      await guarded(() => redis.set(key, text, { px: lifeMs }))
    },
  }
}
