import type { Size } from "../image.ts"

/** Where stored pixels lie once the picture is upright (EXIF 2.32, tag 0x0112), in pixels. */
export interface Placement {
  /** Of the stored picture's first pixel in the upright one. */
  readonly start: number
  readonly perColumn: number
  readonly perRow: number
}

/** `stored` is the size before the picture is turned. */
export const placement = ({ widthPx, heightPx }: Size, orientation: number): Placement => {
  const isTurned = orientation >= 5
  const stride = isTurned ? heightPx : widthPx
  const [alongColumns, alongRows] = isTurned ? [stride, 1] : [1, stride]
  const fromRight = [2, 3, 7, 8].includes(orientation)
  const fromBottom = [3, 4, 6, 7].includes(orientation)
  return {
    start: (fromRight ? (widthPx - 1) * alongColumns : 0) + (fromBottom ? (heightPx - 1) * alongRows : 0),
    perColumn: fromRight ? -alongColumns : alongColumns,
    perRow: fromBottom ? -alongRows : alongRows,
  }
}

/** Turns a size upright, or back: both are the same. */
export const turnedSize = ({ widthPx, heightPx }: Size, orientation: number): Size =>
  orientation >= 5 ? { widthPx: heightPx, heightPx: widthPx } : { widthPx, heightPx }
