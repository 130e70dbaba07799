import { sha256Hex } from "../cache/cache-key.ts"

/** By the array itself, so that a picture is hashed once in a request, however many steps ask. */
const known = new WeakMap<Uint8Array, string>()

/** SHA-256 of a picture's bytes, in hex. */
export const byteHashOf = async ({ bytes }: { readonly bytes: Uint8Array<ArrayBuffer> }): Promise<string> => {
  const before = known.get(bytes)
  if (before !== undefined) return before
  const hash = await sha256Hex(bytes)
  known.set(bytes, hash)
  return hash
}
