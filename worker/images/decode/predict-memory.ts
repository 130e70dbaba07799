import type { ImageHeader, Size } from "../image.ts"
import type { Frame } from "./jpeg/frame.ts"
import { sideFor } from "./jpeg/plane.ts"
import { createTables, readToScan } from "./jpeg/segments.ts"
import type { ReadableFormat } from "./read-picture.ts"
import { turnedSize } from "./upright.ts"

/** What reading rows takes for a row of MCUs, sums and tables, at most, for each pixel of the longer side. */
const bytesPerColumn = 400
/** Inflate's window, tables. */
const fixedBytes = 150_000

/**
 * The most that reading a picture to this size (upright) will hold, the picture itself included, beside its bytes. Throws
 * `CorruptImage` where a JPEG's own headers are damaged, `UnsupportedJpeg` where it is of a kind that is not read.
 */
export const predictReaderBytes = (
  bytes: Uint8Array,
  header: ImageHeader & { readonly format: ReadableFormat },
  target: Size,
): number => {
  const result = target.widthPx * target.heightPx * 3
  const rows = fixedBytes + Math.max(header.widthPx, target.widthPx) * bytesPerColumn
  if (header.format === "png") {
    return result + rows + (header.progressive ? (header.widthPx + 3) * header.heightPx * 3 : 0)
  }
  const tables = createTables()
  const scan = readToScan(bytes, 2, tables)
  const { frame } = tables
  if (frame === undefined) return result + rows
  const isStreamed = !frame.progressive && scan?.components.length === frame.components.length
  return result + rows + (isStreamed ? 0 : coefficientBytes(frame, turnedSize(target, header.orientation)))
}

/** Two bytes for each coefficient that is kept, and a bit for each of the 64. */
const coefficientBytes = (frame: Frame, target: Size): number =>
  frame.components.reduce((sum, component, i) => {
    const side = sideFor(frame, component, target, frame.components.length > 1 && (i === 1 || i === 2))
    return sum + component.blocksPerRow * component.blockRows * (side * side * 2 + 8)
  }, 0)
