import type { ImageFormat, ImageHeader, Size } from "../images/image.ts"

export interface ImageJob {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly header: ImageHeader
  /** Exact size of the result, upright; never larger than the picture. */
  readonly target: Size
  readonly format: ImageFormat
  /** 1 to 100; ignored by lossless formats. */
  readonly quality: number
}

/** Decodes, turns upright, flattens alpha on white, resizes and encodes one picture. */
export interface ImageEngine {
  readonly name: string
  /** The largest picture, in pixels before resizing, that fits the host's memory. */
  readonly maxPixels: number
  /** Formats that it can decode. */
  readonly reads: readonly ImageFormat[]
  /** Formats that it can encode. */
  readonly writes: readonly ImageFormat[]
  /** Rejects with `CorruptImage` when the bytes cannot be decoded. */
  readonly transform: (job: ImageJob) => Promise<Uint8Array<ArrayBuffer>>
}

/** The bytes do not decode, whatever their header promised. */
export class CorruptImage extends Error {
  override readonly name = "CorruptImage"
}
