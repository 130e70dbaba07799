import { canonicalForm, canonicalFormVersion } from "./canonical-form.ts"

/** Everything that must be equal for one question's answer to serve another, beside the wording of the question. */
export interface CacheScope {
  readonly tenant: string
  /** `auto`, or the pinned `provider/model`, with the allowed providers where they are restricted. */
  readonly modelPolicy: string
  /** Template and version. */
  readonly prompt: string
  readonly schema?: unknown
  /** What the caller set that changes an answer: temperature, token limit, detail, language, … */
  readonly parameters: Readonly<Record<string, unknown>>
  /** System text and all turns before the question, pictures named by their hash. */
  readonly conversation: unknown
  /** Hashes of the pictures, in order. */
  readonly pictures: readonly string[]
}

export interface CacheKey {
  /** Where the answer lies: one key for all wordings with the same canonical form. */
  readonly key: string
  /** Tells the very same wording (lane "exact") from one with the same canonical form. */
  readonly questionHash: string
}

/**
 * The keys of a question. Both are HMAC-SHA-256 under a key derived from the secret and the tenant, so keys say nothing
 * about the question, and no tenant can reach or predict another's.
 */
export const cacheKey = async (secret: string, scope: CacheScope, query: string): Promise<CacheKey> => {
  const tenantKey = await importKey(await hmac(await importKey(encode(secret)), `tenant:${scope.tenant}`))
  const scoped = stableJson({ ...scope, canonicalFormVersion })
  const canonical = canonicalForm(query, scope.pictures.length)
  const [key, questionHash] = await Promise.all([
    hmac(tenantKey, `${scoped}\ncanonical:${canonical}`),
    hmac(tenantKey, `${scoped}\nexact:${query}`),
  ])
  return { key: `voltgate:answer:1:${hex(key)}`, questionHash: hex(questionHash.slice(0, 16)) }
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

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

const importKey = (bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"])

const hmac = async (key: CryptoKey, text: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.sign("HMAC", key, encode(text)))

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
