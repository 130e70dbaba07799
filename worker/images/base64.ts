/**
 * Base64 both ways, fast enough for pictures of 10 MB. Newer runtimes have it built in; lib.es2024 does not know that
 * yet, so the two methods are described here.
 */
interface NativeDecoder {
  readonly BYTES_PER_ELEMENT: number
  readonly fromBase64?: (
    text: string,
    options: { readonly alphabet: "base64" | "base64url" },
  ) => Uint8Array<ArrayBuffer>
}
interface NativeEncoder {
  readonly length: number
  readonly toBase64?: () => string
}

export interface Base64Options {
  /** `false` keeps to our own code, so that both ways can be tested on any runtime. */
  readonly native: boolean
}
const preferNative: Base64Options = { native: true }

/** Bytes of standard or URL-safe base64, padded or not, white space allowed; `undefined` when it is not base64. */
export const fromBase64 = (
  text: string,
  { native }: Base64Options = preferNative,
): Uint8Array<ArrayBuffer> | undefined => {
  const alphabet = text.includes("-") || text.includes("_") ? "base64url" : "base64"
  const decoder: NativeDecoder = Uint8Array
  if (!native || decoder.fromBase64 === undefined) return decode(text, alphabet)
  try {
    return decoder.fromBase64(text, { alphabet })
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Standard base64 with padding, without line breaks. */
export const toBase64 = (bytes: Uint8Array, { native }: Base64Options = preferNative): string => {
  const encoder: NativeEncoder = bytes
  return native && encoder.toBase64 !== undefined ? encoder.toBase64() : encode(bytes)
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
const [space, padding, invalid] = [64, 65, 255]

const tableOf = (alphabet: string): Uint8Array => {
  const table = new Uint8Array(256).fill(invalid)
  for (const [value, letter] of [...alphabet].entries()) table[letter.charCodeAt(0)] = value
  for (const blank of " \t\n\f\r") table[blank.charCodeAt(0)] = space
  table["=".charCodeAt(0)] = padding
  return table
}
const tables = { base64: tableOf(`${letters}+/`), base64url: tableOf(`${letters}-_`) }

const decode = (text: string, alphabet: keyof typeof tables): Uint8Array<ArrayBuffer> | undefined => {
  const table = tables[alphabet]
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4))
  let [length, bits, held, paddings] = [0, 0, 0, 0]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const value = code > 255 ? invalid : (table[code] ?? invalid)
    if (value === space) continue
    if (value === padding) {
      paddings++
      continue
    }
    if (value === invalid || paddings > 0) return undefined
    bits = (bits << 6) | value
    if (++held === 4) {
      bytes[length++] = bits >>> 16
      bytes[length++] = bits >>> 8
      bytes[length++] = bits
      held = bits = 0
    }
  }
  // One letter left over is six bits, less than a byte; padding, where there is any, must fill up the last four.
  if (held === 1 || (paddings > 0 && held + paddings !== 4)) return undefined
  if (held >= 2) bytes[length++] = bits >>> (held === 2 ? 4 : 10)
  if (held === 3) bytes[length++] = bits >>> 2
  return bytes.slice(0, length)
}

/** A multiple of 3, so that no chunk but the last is padded; small enough to pass as arguments. */
const chunkBytes = 3 * 8_192

const encode = (bytes: Uint8Array): string => {
  const chunks: string[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    chunks.push(btoa(String.fromCharCode(...bytes.subarray(at, at + chunkBytes))))
  }
  return chunks.join("")
}
