import type { PictureReader } from "../../ports/picture-reader.ts"
import type { ReceivedImage } from "../image.ts"
import { uprightSize } from "../image.ts"
import type { Raster } from "../raster.ts"
import { greyOf, greySize } from "./grey.ts"
import type { Grey } from "./grey.ts"
import type { LookKey } from "./look.ts"
import { pdqHash } from "./pdq.ts"
import { pixelHash } from "./pixel-hash.ts"

/** What a picture is known by once it was decoded, whatever its file's format. */
export interface Fingerprint extends LookKey {
  /** Equal for the very same pixels. Absent for a picture too large to be held whole. */
  readonly pixelHash?: string
  readonly grey: Grey
}

/** More than this is not held at once: 18 MB as pixels. */
const wholePixels = 6_000_000

/**
 * Decodes a picture once for all tiers: whole where it may be, else averaged down on the way, so that it has a look and no
 * pixel hash. `undefined` for what this host cannot read.
 */
export const readFingerprint = async (
  image: Pick<ReceivedImage, "bytes" | "header">,
  reader: PictureReader,
): Promise<Fingerprint | undefined> => {
  const size = uprightSize(image.header)
  const isWhole = size.widthPx * size.heightPx <= wholePixels && reader.canRead(image, size)
  if (isWhole) return ofPixels(await reader.read(image, size), reader.name)
  if (!reader.canRead(image, greySize(size))) return undefined
  const grey = greyOf(await reader.read(image, greySize(size)), greySize(size))
  return { size, grey, hash: pdqHash(grey) }
}

const ofPixels = async (raster: Raster, decoder: string): Promise<Fingerprint> => {
  const grey = greyOf(raster)
  const { widthPx, heightPx } = raster
  const size = { widthPx, heightPx }
  return { size, grey, hash: pdqHash(grey), pixelHash: `${decoder}:${await pixelHash(raster)}` }
}
