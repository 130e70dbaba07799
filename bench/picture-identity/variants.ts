import sharp from "sharp"
import type { Sharp } from "sharp"
import { asSharp, shadePixels } from "../../dev/samples-source/raster.ts"

import type { Fingerprint } from "../../worker/images/identity/fingerprint.ts"
import { encodings } from "./encodings.ts"
import type { Original } from "./originals.ts"
import { ofBytes, ofRaster } from "./read-fingerprint.ts"

/** `edit`, `stretch` and `pale` are another picture; `re-encode` is the same; `resize` may count as either. */
export type Group = "edit" | "stretch" | "pale" | "re-encode" | "resize"

export interface Variant {
  readonly group: Group
  readonly what: string
  readonly fingerprint: Fingerprint
}

/** A share of them, spread evenly. */
const thinned = <T>(all: readonly T[], share: number): readonly T[] =>
  all.filter((_, i) => Math.floor(i * share) !== Math.floor((i - 1) * share))

/** The variants of a picture, with this share of its edits; one at a time, for memory's sake. */
export async function* variantsOf(original: Original, share: number): AsyncGenerator<Variant> {
  const raster = await original.draw()
  const { widthPx, heightPx } = raster
  const picture = (): Sharp => asSharp(raster).flatten({ background: "#fff" })
  for (const { name, encode } of encodings) {
    yield { group: "re-encode", what: name, fingerprint: await ofBytes(await encode(picture()).toBuffer()) }
  }
  for (const scale of [0.5, 0.75, 0.9, 0.95]) {
    const resized = picture().resize(Math.round(widthPx * scale), Math.round(heightPx * scale), { fit: "fill" })
    yield { group: "resize", what: `${scale} ×`, fingerprint: await ofBytes(await resized.png().toBuffer()) }
  }
  const unchanged = (await ofRaster(raster)).pixelHash
  for (const edit of thinned(original.edits, share)) {
    const edited = await original.draw(edit)
    const fingerprint = await ofRaster(edited)
    // A line under another one leaves no trace when it goes, so that is no edit.
    if (unchanged === undefined) throw new Error(`${original.name} is too large to be compared pixel by pixel.`)
    if (fingerprint.pixelHash === unchanged) continue
    const what = `${edit.kind}: ${edit.what}`
    yield { group: "edit", what, fingerprint }
    const jpeg = await asSharp(edited).flatten({ background: "#fff" }).jpeg({ quality: 75 }).toBuffer()
    yield { group: "edit", what: `${what}, as JPEG 75`, fingerprint: await ofBytes(jpeg) }
  }
}

/** A picture as faint as old pencil on paper, all in one size: no two of them are further apart than their contrast. */
export const pale = async (original: Original): Promise<Fingerprint> => {
  const raster = await original.draw()
  const picture = asSharp(raster).flatten({ background: "#fff" }).resize(1_200, 900, { fit: "fill" })
  const { data, info } = await picture.toColourspace("srgb").raw().toBuffer({ resolveWithObject: true })
  const drawn = { data, widthPx: info.width, heightPx: info.height, channels: info.channels }
  return ofRaster(shadePixels(drawn, (value) => 240 + (value / 255) * 9))
}

/** An out-of-focus picture, and the same a little wider or narrower: nothing sharp gives the stretching away. */
export const stretched = async (
  original: Original,
): Promise<{ readonly soft: Fingerprint; readonly stretched: readonly Fingerprint[] }> => {
  const { data, info } = await asSharp(await original.draw())
    .flatten({ background: "#fff" })
    .blur(12)
    .png()
    .toBuffer({ resolveWithObject: true })
  const stretch = async (share: number): Promise<Fingerprint> => {
    const width = Math.round(info.width * share)
    return ofBytes(await sharp(data).resize(width, info.height, { fit: "fill" }).png().toBuffer())
  }
  return { soft: await ofBytes(data), stretched: await Promise.all([0.98, 0.99, 1.01, 1.02].map(stretch)) }
}
