import { toBase64 } from "../images/base64.ts"
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
