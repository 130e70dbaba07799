import type { Size } from "./image.ts"

/** A decoded picture, upright and opaque: row by row, one byte a pixel for gray, else red, green and blue. */
export interface Raster extends Size {
  readonly channels: 1 | 3
  readonly pixels: Uint8Array<ArrayBuffer>
}
