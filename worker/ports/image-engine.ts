import type { ConsideredFormat } from "../../contract/record.ts"
import type { ImageFormat, ReceivedImage, Size } from "../images/image.ts"

/** What an engine has to know of a picture. */
export type EnginePicture = Pick<ReceivedImage, "bytes" | "header">

export interface ImageJob extends EnginePicture {
  /** Exact size of the result, upright; never larger than the picture. */
  readonly target: Size
  /** Formats that the receiver takes: the result has one of them. */
  readonly formats: readonly ImageFormat[]
  /** 1 to 100; ignored by lossless formats. */
  readonly quality: number
}

export interface EncodedImage {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly format: ImageFormat
  /** All formats that were tried, with their bytes. */
  readonly considered: readonly ConsideredFormat[]
}

export type EngineChoice =
  /** Who would do it, and why, as the end of a sentence that begins with the name. */
  | { readonly engine: string; readonly why: string }
  /** Why nobody can, and what to send instead, as a sentence. */
  | { readonly obstacle: string; readonly cure: string }

/** Decodes, turns upright, flattens alpha on white, resizes and encodes one picture. */
export interface ImageEngine {
  /** Answers at once, by the picture's header and the memory that its decoding is predicted to take. */
  readonly choose: (picture: EnginePicture, target: Size) => EngineChoice
  /** Rejects with `CorruptImage` when the bytes cannot be decoded. Only for what `choose` takes. */
  readonly transform: (job: ImageJob) => Promise<EncodedImage>
}

/** The bytes do not decode, whatever their header promised. */
export class CorruptImage extends Error {
  override readonly name: string = "CorruptImage"
}
