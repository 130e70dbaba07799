const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")

const importKey = (bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"])

/** HMAC-SHA-256 of a text. */
export const hmac = async (key: CryptoKey, text: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.sign("HMAC", key, encode(text)))

/** A key for one purpose, derived from the secret: what one purpose signs means nothing to another. */
export const deriveKey = async (secret: string, purpose: string): Promise<CryptoKey> =>
  importKey(await hmac(await importKey(encode(secret)), purpose))
