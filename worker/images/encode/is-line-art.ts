import type { Raster } from "../raster.ts"

const bins = 32
/** What the two commonest shades must make up together: paper and ink, where a photo spreads over all. */
const share = 0.6

/** Whether a picture is a drawing, a table or plain text, by its shades alone. */
export const isLineArt = ({ pixels, channels }: Raster): boolean => {
  const counts = new Int32Array(bins)
  for (let at = 0; at < pixels.length; at += channels) {
    const light = channels === 1 ? pixels[at]! : (pixels[at]! * 77 + pixels[at + 1]! * 150 + pixels[at + 2]! * 29) >> 8
    const bin = light >> 3
    counts[bin] = counts[bin]! + 1
  }
  const [first = 0, second = 0] = counts.toSorted((a, b) => b - a)
  return first + second > (share * pixels.length) / channels
}
