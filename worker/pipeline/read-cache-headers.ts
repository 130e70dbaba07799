import * as v from "valibot"
import type { PictureTier } from "../../contract/record.ts"
import { pictureTiers } from "../../contract/record.ts"
import { readCacheControl } from "../cache/cache-control.ts"
import type { CacheControl } from "../cache/cache-control.ts"
import { validate } from "./validate.ts"

/** What a request wants of the cache. */
export interface CacheWishes extends CacheControl {
  /** How long its answer may be kept; absent: as the settings say. */
  readonly ttlS?: number
  /** Takes the place of question, pictures and conversation: requests with the same key share an answer. */
  readonly key?: string
  /** A cache of its own within the tenant's. */
  readonly namespace?: string
  /** By how much its pictures may differ from others and share their answers; absent: as suits the query type. */
  readonly pictures?: PictureTier
  /** Names by which its answer can be invalidated. */
  readonly tags: readonly string[]
}

const names = {
  skip: "x-voltgate-cache-skip",
  ttlS: "x-voltgate-cache-ttl",
  key: "x-voltgate-cache-key",
  namespace: "x-voltgate-cache-namespace",
  pictures: "x-voltgate-cache-pictures",
  tags: "x-voltgate-tags",
} as const

const mostTags = 16
/** A tag, in a header or in an invalidation. */
export const Tag: v.GenericSchema<string, string> = v.pipe(
  v.string(),
  v.regex(/^[\w.:/@-]{1,64}$/, "A tag is 1 to 64 letters, digits and . : / @ _ -."),
)

/** Problems are told by the header's name. */
const CacheHeaders = v.object({
  [names.skip]: v.optional(v.picklist(["true", "false"], "Send true or false."), "false"),
  [names.ttlS]: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,5}$/, "Send whole seconds, from 1 to 86400."),
      v.transform(Number),
      v.minValue(1, "Send at least 1 second; x-voltgate-cache-skip keeps nothing."),
      v.maxValue(86_400, "An answer is kept for a day at most: 86400."),
    ),
  ),
  [names.key]: v.optional(
    v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,256}$/, "Send 1 to 256 visible ASCII characters.")),
  ),
  [names.namespace]: v.optional(
    v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, "Send 1 to 64 letters, digits, dots, dashes.")),
  ),
  [names.pictures]: v.optional(v.picklist(pictureTiers, "Send bytes, pixels or look.")),
  [names.tags]: v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => text.split(",").map((tag) => tag.trim())),
      v.array(Tag),
      v.maxLength(mostTags, `Send at most ${mostTags} tags.`),
    ),
  ),
})

/** What the headers ask of the cache; one that cannot be read is an error, since the answer would be kept otherwise than asked. */
export const readCacheHeaders = (headers: Pick<Headers, "get">): CacheWishes => {
  const sent = Object.values(names).flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value.trim()]]
  })
  const read = validate(CacheHeaders, Object.fromEntries(sent))
  const control = readCacheControl(headers.get("cache-control"))
  const { [names.ttlS]: ttlS, [names.key]: key, [names.namespace]: namespace, [names.pictures]: pictures } = read
  return {
    ...control,
    ...(read[names.skip] === "true" ? { read: false, write: false } : {}),
    ...(ttlS === undefined ? {} : { ttlS }),
    ...(key === undefined ? {} : { key }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(pictures === undefined ? {} : { pictures }),
    tags: [...new Set(read[names.tags] ?? [])],
  }
}
