import type { ImageFormat, ImageHeader } from "./image.ts"

/** The magic bytes are right, and what follows them is not. */
export interface HeaderFault {
  readonly format: ImageFormat
  /** What is wrong, as the end of the sentence "its JPEG header …". */
  readonly fault: string
}

/** Reads one format's header; `undefined` when the magic bytes are another's. */
export type HeaderParser = (view: DataView) => ImageHeader | HeaderFault | undefined
