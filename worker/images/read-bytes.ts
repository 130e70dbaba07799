import type { ImageFormat, ImageHeader } from "./image.ts"
import type { HeaderFault } from "./header-parser.ts"

/** Whether the ASCII `text` stands at `offset`. */
export const startsWith = (view: DataView, offset: number, text: string): boolean => {
  if (offset + text.length > view.byteLength) return false
  for (let i = 0; i < text.length; i++) if (view.getUint8(offset + i) !== text.charCodeAt(i)) return false
  return true
}

/** The four-letter name of a chunk or box; letters beyond ASCII come out as other characters, never as an error. */
export const fourLetters = (view: DataView, offset: number): string =>
  String.fromCharCode(
    view.getUint8(offset),
    view.getUint8(offset + 1),
    view.getUint8(offset + 2),
    view.getUint8(offset + 3),
  )

/**
 * Runs a parser that reads without asking whether the byte is there: a DataView throws a RangeError beyond its end, and
 * for a header that can only mean that the file was cut off.
 */
export const orTruncated = (format: ImageFormat, parse: () => ImageHeader | HeaderFault): ImageHeader | HeaderFault => {
  try {
    return parse()
  } catch (error) {
    if (error instanceof RangeError) return { format, fault: "ends too early: the file was cut off" }
    throw error
  }
}
