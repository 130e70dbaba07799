import type { PurgeTarget } from "../../contract/purge.ts"
import type { PictureTier } from "../../contract/record.ts"
import type { CacheAddress } from "../ports/answer-cache.ts"
import { canonicalForm, canonicalFormVersion } from "./canonical-form.ts"
import { deriveKey, hex, hmac } from "./hmac.ts"

/** Everything that must be equal for one question's answer to serve another, beside the wording of the question. */
export interface CacheScope {
  readonly tenant: string
  /** `auto`, or the pinned `provider/model`, with the allowed providers where they are restricted. */
  readonly modelPolicy: string
  /** Template and version. */
  readonly prompt: string
  /** Name of the query type: a chat has no prompt of its own, and yet one type is not another. */
  readonly queryType: string
  readonly schema?: unknown
  /** What the caller set that changes an answer: temperature, token limit, detail, language, … */
  readonly parameters: Readonly<Record<string, unknown>>
  /** System text and all turns before the question, pictures named by their hash. */
  readonly conversation: unknown
  /** Identities of the pictures, in order. */
  readonly pictures: readonly string[]
  /**
   * How far a picture of the group may be from the one that names it. An answer made from one that only looks the same is
   * never found by who asks for the very same.
   */
  readonly pictureTier: PictureTier
  /** Vectors of different embedders are no neighbors. */
  readonly embedder: string
  readonly namespace?: string
  /** What the caller chose in place of question, pictures and conversation. */
  readonly key?: string
}

export interface CacheKeys {
  readonly addressOf: (scope: CacheScope, query: string) => Promise<CacheAddress>
  /** The name of a tenant's book of invalidations, as in its addresses. */
  readonly bookOf: (tenant: string) => Promise<string>
  /** The labels as a store sees them: equal for equal ones of one tenant, and saying nothing. */
  readonly hideLabels: (tenant: string, labels: readonly PurgeTarget[]) => Promise<readonly string[]>
}

const bookName = "epochs"

/** Each tenant's key costs two signatures; a gateway has few tenants, and this many are remembered. */
const rememberedTenants = 1_000

/**
 * The keys of questions. All are HMAC-SHA-256, cut to 128 bits, under a key derived from the secret and the tenant: they
 * say nothing, and no tenant can reach or predict another's, whatever it puts into a question, a header or a label.
 */
export const createCacheKeys = (secret: string): CacheKeys => {
  const tenantKeys = new Map<string, CryptoKey>()
  const tenantKey = async (tenant: string): Promise<CryptoKey> => {
    const known = tenantKeys.get(tenant)
    if (known !== undefined) return known
    const key = await deriveKey(secret, `tenant:${tenant}`)
    if (tenantKeys.size >= rememberedTenants) tenantKeys.clear()
    tenantKeys.set(tenant, key)
    return key
  }
  return {
    addressOf: async (scope, query) => {
      const key = await tenantKey(scope.tenant)
      const scoped = stableJson({ ...scope, canonicalFormVersion })
      const [tenant, group, entry] = await Promise.all([
        sign(key, bookName),
        sign(key, `group:${scoped}`),
        sign(key, `${scoped}\ncanonical:${canonicalForm(query, scope.pictures.length)}`),
      ])
      return { tenant, group, entry }
    },
    bookOf: async (tenant) => sign(await tenantKey(tenant), bookName),
    hideLabels: async (tenant, labels) => {
      const key = await tenantKey(tenant)
      return Promise.all(labels.map(({ kind, value }) => sign(key, `label:${kind}:${value}`)))
    },
  }
}

/** JSON with sorted keys, so that equal values are equal texts. */
export const stableJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

/** SHA-256 of some bytes, in hex: the identity of a picture. */
export const sha256Hex = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))

const sign = async (key: CryptoKey, text: string): Promise<string> => hex((await hmac(key, text)).slice(0, 16))
