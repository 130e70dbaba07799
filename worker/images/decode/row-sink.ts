import type { Size } from "../image.ts"
import type { Memory } from "../memory.ts"

/** Takes the rows of a picture, top to bottom as stored: one byte a pixel for gray, else three. Must not keep the row. */
export type RowSink = (row: Uint8ClampedArray | Uint8Array) => void

export interface RowOptions {
  /** The size that the picture's header states. */
  readonly stored: Size
  /** Of the rows that come out; may be any that is not larger. */
  readonly target: Size
  readonly memory: Memory
  readonly sink: RowSink
}
