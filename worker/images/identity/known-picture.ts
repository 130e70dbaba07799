import * as v from "valibot"
import type { LookKey } from "./look.ts"

/** What is remembered of a picture that a tenant has sent before. */
export interface KnownPicture extends LookKey {
  /** SHA-256 of its bytes: its name. */
  readonly byteHash: string
  readonly pixelHash?: string
  /**
   * The picture that it is, in each tier: the first one seen with these pixels, and the first one that looks so. Always a
   * first one, never a copy, so that likeness cannot drift from copy to copy.
   */
  readonly sameAs: { readonly pixels: string; readonly look: string }
}

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const side = v.pipe(v.number(), v.integer(), v.minValue(1))
const Stored = v.strictObject({
  byteHash: hash,
  pixelHash: v.exactOptional(v.string()),
  size: v.strictObject({ widthPx: side, heightPx: side }),
  hash,
  sameAs: v.strictObject({ pixels: hash, look: hash }),
})

export const writeKnown = (picture: KnownPicture): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify({ ...picture, hash: toHex(picture.hash) }))

/** `undefined` for what is not ours, or of another version. */
export const readKnown = (bytes: Uint8Array): KnownPicture | undefined => {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Stored), new TextDecoder().decode(bytes))
  return parsed.success ? { ...parsed.output, hash: fromHex(parsed.output.hash) } : undefined
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
const fromHex = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(i * 2, i * 2 + 2), 16))
