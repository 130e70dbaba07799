import type { ImageFormat } from "../images/image.ts"
import { ProviderFailure } from "./provider.ts"
import type { Prompt } from "./provider.ts"

export interface PictureData<Format extends ImageFormat> {
  readonly format: Format
  readonly mediaType: `image/${Format}`
  readonly base64: string
}

/** Picture `index` of the prompt as base64. Throws `image_not_accepted` when it has a format that the wire does not take. */
export const pictureData = <Format extends ImageFormat>(
  { images }: Prompt,
  index: number,
  accepted: readonly Format[],
): PictureData<Format> => {
  const image = images[index]
  if (image === undefined) throw new Error(`The prompt names picture ${index}, but has ${images.length}.`)
  const format = accepted.find((candidate) => candidate === image.format)
  if (format !== undefined) return { format, mediaType: `image/${format}`, base64: toBase64(image.bytes) }
  throw new ProviderFailure(
    "image_not_accepted",
    `Picture ${index + 1} is ${image.format}; this provider takes ${accepted.join(", ")}.`,
  )
}

/** A multiple of three, so that the pieces join without padding; small enough to be the arguments of one call. */
const pieceBytes = 24_576

/** Base64 of bytes: natively where the host can, else in pieces. */
export const toBase64 = (bytes: Uint8Array): string => {
  const native: unknown = Reflect.get(bytes, "toBase64")
  if (typeof native === "function") return String(native.call(bytes))
  let text = ""
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    text += btoa(String.fromCharCode(...bytes.subarray(from, from + pieceBytes)))
  }
  return text
}
