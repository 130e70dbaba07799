import sharp, { type Sharp } from "sharp"

/** Pixels row by row, `channels` bytes each. */
export interface Raster {
  readonly data: Uint8Array
  readonly widthPx: number
  readonly heightPx: number
  readonly channels: number
}

const rasterOf = async (picture: Sharp): Promise<Raster> => {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true })
  return { data, widthPx: info.width, heightPx: info.height, channels: info.channels }
}

/** An SVG document as pixels: RGBA where `alpha`, else RGB on white. */
export const drawSvg = (svg: string, { alpha = false }: { readonly alpha?: boolean } = {}): Promise<Raster> => {
  const picture = sharp(Buffer.from(svg))
  return rasterOf(alpha ? picture.ensureAlpha() : picture.flatten({ background: "#ffffff" }).removeAlpha())
}

/** The pixels of an encoded picture as stored, its orientation not applied. */
export const decode = (bytes: Uint8Array): Promise<Raster> => rasterOf(sharp(bytes))

export const asSharp = ({ data, widthPx, heightPx, channels }: Raster): Sharp => {
  if (channels !== 1 && channels !== 3 && channels !== 4)
    throw new Error(`A raster has 1, 3 or 4 channels, not ${channels}.`)
  return sharp(data, { raw: { width: widthPx, height: heightPx, channels } })
}

/** Softened like a lens does it; `sigmaPx` at least 0.3. */
export const blur = (raster: Raster, sigmaPx: number): Promise<Raster> => rasterOf(asSharp(raster).blur(sigmaPx))

export const toGray = (raster: Raster): Promise<Raster> => rasterOf(asSharp(raster).toColourspace("b-w"))

/** A new raster in which `shade` gave every byte of color its value, clamped to 0..255; alpha stays. */
export const shadePixels = (
  raster: Raster,
  shade: (value: number, x: number, y: number, channel: number) => number,
): Raster => {
  const { widthPx, heightPx, channels } = raster
  const data = Uint8Array.from(raster.data)
  const colors = channels === 4 ? 3 : channels
  for (let y = 0, at = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, at += channels) {
      for (let channel = 0; channel < colors; channel++) {
        const value = shade(data[at + channel] ?? 0, x, y, channel)
        data[at + channel] = Math.min(255, Math.max(0, Math.round(value)))
      }
    }
  }
  return { ...raster, data }
}
