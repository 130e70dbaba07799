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

/** `atob` by its own rules does what the native method does: white space is skipped, padding may be missing. */
const decode = (text: string, alphabet: "base64" | "base64url"): Uint8Array<ArrayBuffer> | undefined => {
  if (alphabet === "base64url" && (text.includes("+") || text.includes("/"))) return undefined
  try {
    const binary = atob(alphabet === "base64url" ? text.replaceAll("-", "+").replaceAll("_", "/") : text)
    const bytes = new Uint8Array(binary.length)
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
    return bytes
  } catch (error) {
    if (error instanceof DOMException) return undefined
    throw error
  }
}

const letters = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
const padding = "=".charCodeAt(0)

/** `btoa` wants a string of all bytes first, which takes six times as long. */
const encode = (bytes: Uint8Array): string => {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const bits = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0)
    text[to] = letters[bits >>> 18] ?? 0
    text[to + 1] = letters[(bits >>> 12) & 63] ?? 0
    text[to + 2] = from + 1 < bytes.length ? (letters[(bits >>> 6) & 63] ?? 0) : padding
    text[to + 3] = from + 2 < bytes.length ? (letters[bits & 63] ?? 0) : padding
  }
  return new TextDecoder().decode(text)
}
