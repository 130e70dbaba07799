import { createHash } from "node:crypto"

/** What the gateway stores of a key: an element of the JSON array in the secret VOLTGATE_KEYS. */
export interface KeyEntry {
  /** SHA-256 of the whole key, in lower-case hex. */
  readonly sha256: string
  readonly tenant: string
  /** The only providers that this key may ask; absent: all. */
  readonly providers?: readonly string[]
  /** The only query types that this key may use; absent: all. */
  readonly queryTypes?: readonly string[]
  /** May drain, pin and reset providers. */
  readonly admin?: true
}

export interface NewKey {
  /** `vg_` and 32 random bytes in base64url: 46 characters, and the only copy there is. */
  readonly key: string
  readonly entry: KeyEntry
}

const randomLengthBytes = 32

/** Makes a key and the entry that lets the gateway know it. */
export const createKey = (owner: Omit<KeyEntry, "sha256">, randomBytes: (count: number) => Uint8Array): NewKey => {
  const key = `vg_${Buffer.from(randomBytes(randomLengthBytes)).toString("base64url")}`
  return { key, entry: { sha256: createHash("sha256").update(key).digest("hex"), ...owner } }
}
