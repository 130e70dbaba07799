import { Redis } from "@upstash/redis/cloudflare"
import * as v from "valibot"
import { fromBase64, toBase64 } from "../../images/base64.ts"
import type { PictureIndex, StoredPicture } from "../../ports/picture-index.ts"
import { picturesPerTenant } from "../../ports/picture-index.ts"
import { createBreaker } from "./breaker.ts"
import { withoutSecrets } from "./without-secrets.ts"

export interface UpstashPictureIndexOptions {
  readonly url: string
  readonly token: string
  readonly now: () => number
  /** For each call to the store. */
  readonly timeoutMs?: number
}

const listLifeMs = 2 * 86_400_000

const Listed = v.array(v.string())
const Facts = v.pipe(v.string(), v.parseJson(), v.strictObject({ facts: v.string(), expiresAt: v.number() }))

/**
 * What pictures look like, in Redis through Upstash's REST interface: a hash per tenant with a field per picture, and each
 * look under a key of its own, as base64. Listing and reading are one command each; writing, in the background, is two.
 */
export const createUpstashPictureIndex = ({
  url,
  token,
  now,
  timeoutMs = 300,
}: UpstashPictureIndexOptions): PictureIndex => {
  const redis = new Redis({
    url,
    token,
    retry: { retries: 0 },
    enableTelemetry: false,
    automaticDeserialization: false,
    responseEncoding: false,
    // It would send the commands of several requests as one, and Workers forbid one request to wait for another's I/O.
    enableAutoPipelining: false,
    signal: () => AbortSignal.timeout(timeoutMs),
  })
  const breaker = createBreaker({ now })
  const guarded = <T>(work: () => Promise<T>): Promise<T> => breaker(() => withoutSecrets(token, work))

  const listAll = async (tenant: string): Promise<readonly Listing[]> =>
    toListings(v.parse(v.nullable(Listed), await guarded(() => redis.hgetall(listKey(tenant)))) ?? [])

  return {
    list: async (tenant) =>
      (await listAll(tenant)).flatMap(({ picture }) =>
        picture !== undefined && picture.expiresAt > now() ? [picture] : [],
      ),
    look: async (tenant, name) => {
      const text = v.parse(v.nullable(v.string()), await guarded(() => redis.get(lookKey(tenant, name))))
      return text === null ? undefined : fromBase64(text)
    },
    remember: async (tenant, picture, look) => {
      const gone = superfluous(await listAll(tenant), picture, now())
      const { name, facts, expiresAt } = picture
      const write = redis.multi()
      if (gone.length > 0) {
        write.hdel(listKey(tenant), ...gone)
        write.del(...gone.map((other) => lookKey(tenant, other)))
      }
      write.hset(listKey(tenant), { [name]: JSON.stringify({ facts, expiresAt }) })
      // Longer than any picture of it; each one's own end is checked when it is read.
      write.pexpireat(listKey(tenant), now() + listLifeMs)
      if (look !== undefined) write.set(lookKey(tenant, name), toBase64(look), { pxat: expiresAt })
      await guarded(() => write.exec())
    },
  }
}

interface Listing {
  readonly name: string
  /** Absent where the field cannot be read. */
  readonly picture?: StoredPicture
}

/** Redis gives a hash as one list of names and values. */
const toListings = (fields: readonly string[]): readonly Listing[] =>
  fields.flatMap((name, i) => {
    if (i % 2 === 1) return []
    const parsed = v.safeParse(Facts, fields[i + 1])
    return [{ name, ...(parsed.success ? { picture: { name, ...parsed.output } } : {}) }]
  })

/** What has to go for one more: the unreadable, the expired, and the oldest beyond the limit. */
const superfluous = (listed: readonly Listing[], { name }: StoredPicture, now: number): readonly string[] => {
  const others = listed.filter((listing) => listing.name !== name)
  const live = others.filter(({ picture }) => picture !== undefined && picture.expiresAt > now)
  const newestFirst = live.toSorted((a, b) => (b.picture?.expiresAt ?? 0) - (a.picture?.expiresAt ?? 0))
  const staying = new Set(newestFirst.slice(0, picturesPerTenant - 1))
  return others.filter((listing) => !staying.has(listing)).map((listing) => listing.name)
}

const listKey = (tenant: string): string => `voltgate:pictures:1:${tenant}`
const lookKey = (tenant: string, name: string): string => `voltgate:look:1:${tenant}:${name}`
