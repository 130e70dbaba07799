import sharp from "sharp"
import type { Sharp } from "sharp"
import { sample } from "../../dev/samples.ts"
import { createRandom } from "./random.ts"

export interface Photos {
  readonly jpeg12: Uint8Array<ArrayBuffer>
  readonly jpeg24: Uint8Array<ArrayBuffer>
  readonly progressive24: Uint8Array<ArrayBuffer>
}

/** The sample photo, as large as a telephone's, with the grain of its sensor: 2.4 bits a pixel, as theirs have. */
export const makePhotos = async (): Promise<Photos> => {
  const large = await grainy(4_000, 3_000)
  const larger = await grainy(6_000, 4_000)
  const toJpeg = async (picture: Sharp, progressive: boolean) =>
    new Uint8Array(await picture.jpeg({ quality: 90, progressive }).toBuffer())
  return {
    jpeg12: await toJpeg(large, false),
    jpeg24: await toJpeg(larger.clone(), false),
    progressive24: await toJpeg(larger.clone(), true),
  }
}

const grainy = async (width: number, height: number): Promise<Sharp> => {
  const pixels = await sharp(await sample("cabinet-photo.jpg"))
    .autoOrient()
    .resize(width, height, { kernel: "cubic" })
    .removeAlpha()
    .raw()
    .toBuffer()
  const random = createRandom(12)
  for (let i = 0; i < pixels.length; i += 3) {
    const grain = (random() + random() + random() - 1.5) * 14
    for (let channel = 0; channel < 3; channel++) {
      pixels[i + channel] = Math.min(255, Math.max(0, (pixels[i + channel] ?? 0) + grain))
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}
