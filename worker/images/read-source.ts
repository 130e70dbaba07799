import { GatewayError } from "../errors.ts"
import { fromBase64 } from "./base64.ts"
import { imageLimits, imagePath } from "./limits.ts"

/** Where a picture's bytes are: here already, or behind an address that still has to be checked and fetched. */
export type ImageSource = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly url: string }

const dataUrl = /^data:([^,]{0,200}),/i
const scheme = /^([a-z][a-z0-9+.-]*):/i

/**
 * Reads one entry of `images`: a base64 data URL (what it calls its media type is ignored, the bytes decide), plain or
 * URL-safe base64, or an https URL. Throws `image_corrupt` for bad base64, `image_too_large` before decoding what would
 * be over the limit, and `image_fetch_refused` for any other kind of address.
 */
export const readSource = (index: number, source: string): ImageSource => {
  const trimmed = source.trim()
  const head = dataUrl.exec(trimmed)
  if (head !== null) return { bytes: readDataUrl(index, trimmed.slice(head[0].length), head[1] ?? "") }
  const name = scheme.exec(trimmed)?.[1]?.toLowerCase()
  if (name === "https") return { url: trimmed }
  if (name === "data") throw corrupt(index, "has a data URL without a comma before its data")
  if (name !== undefined) {
    throw new GatewayError(
      "image_fetch_refused",
      `${imagePath(index)} is a ${name}: address. Use https:, or send the picture itself as base64.`,
    )
  }
  return { bytes: decode(index, trimmed) }
}

const readDataUrl = (index: number, data: string, mediaType: string): Uint8Array<ArrayBuffer> => {
  if (!/;\s*base64\s*$/i.test(mediaType)) throw corrupt(index, "has a data URL that is not base64")
  return decode(index, data.includes("%") ? unescapePercent(index, data) : data)
}

const unescapePercent = (index: number, data: string): string => {
  try {
    return decodeURIComponent(data)
  } catch (cause) {
    throw corrupt(index, "has a data URL with a broken % escape", cause)
  }
}

const decode = (index: number, text: string): Uint8Array<ArrayBuffer> => {
  // Line breaks add up to a thirtieth; anything beyond that cannot become an allowed picture.
  if (text.length > (imageLimits.sizeBytes * 4) / 3 + imageLimits.sizeBytes / 10) {
    throw new GatewayError(
      "image_too_large",
      `${imagePath(index)} has ${text.length} characters of base64; the limit is ${imageLimits.sizeBytes} bytes of picture. Send it smaller or compressed.`,
    )
  }
  const bytes = fromBase64(text)
  if (bytes === undefined) throw corrupt(index, "is not valid base64")
  return bytes
}

const corrupt = (index: number, what: string, cause?: unknown): GatewayError =>
  new GatewayError(
    "image_corrupt",
    `${imagePath(index)} ${what}. Send data:image/…;base64,… , plain base64, or an https URL.`,
    cause === undefined ? {} : { cause },
  )
