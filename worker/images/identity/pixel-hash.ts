import { sha256Hex } from "../../cache/cache-key.ts"
import type { Raster } from "../raster.ts"

/**
 * A hash of a picture's size and pixels, in hex: equal for the very same pixels, whatever the file's format. A gray
 * picture equals its copy in red, green and blue.
 */
export const pixelHash = async ({ widthPx, heightPx, channels, pixels }: Raster): Promise<string> => {
  const colors = channels === 3 ? pixels : inColors(pixels)
  return sha256Hex(new TextEncoder().encode(`${widthPx} × ${heightPx}: ${await sha256Hex(colors)}`))
}

const inColors = (gray: Uint8Array): Uint8Array<ArrayBuffer> => {
  const colors = new Uint8Array(gray.length * 3)
  gray.forEach((value, i) => colors.fill(value, i * 3, i * 3 + 3))
  return colors
}
