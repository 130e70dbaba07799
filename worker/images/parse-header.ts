import { parseGif } from "./gif.ts"
import type { HeaderFault, HeaderParser } from "./header-parser.ts"
import type { ImageHeader } from "./image.ts"
import { parseIsobmff } from "./isobmff.ts"
import { parseJpeg } from "./jpeg.ts"
import { parsePng } from "./png.ts"
import { parseWebp } from "./webp.ts"

const parsers: readonly HeaderParser[] = [parsePng, parseJpeg, parseWebp, parseGif, parseIsobmff]

/**
 * What the first bytes of a picture say about it; `undefined` when they are no picture's that we know. Never throws, and
 * never takes more than a bounded number of steps, whatever the bytes are.
 */
export const parseHeader = (bytes: Uint8Array): ImageHeader | HeaderFault | undefined =>
  parseView(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))

/** The same, for bytes behind a view. */
export const parseView: HeaderParser = (view) => {
  for (const parse of parsers) {
    const result = parse(view)
    if (result !== undefined) return result
  }
  return undefined
}
