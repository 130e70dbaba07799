import { CorruptImage } from "../../ports/image-engine.ts"
import type { ImageHeader, Size } from "../image.ts"
import type { Memory } from "../memory.ts"
import type { Raster } from "../raster.ts"
import { readJpeg } from "./jpeg/read-jpeg.ts"
import { readPng } from "./png/read-png.ts"
import type { RowSink } from "./row-sink.ts"
import { createRasterBuilder } from "./upright-raster.ts"
import { turnedSize } from "./upright.ts"

/** Formats that we decode ourselves. */
export const readableFormats = ["jpeg", "png"] as const
export type ReadableFormat = (typeof readableFormats)[number]

export const isReadable = (header: ImageHeader): header is ImageHeader & { readonly format: ReadableFormat } =>
  readableFormats.some((format) => format === header.format)

export interface ReadOptions {
  readonly bytes: Uint8Array
  readonly header: ImageHeader & { readonly format: ReadableFormat }
  readonly memory: Memory
}

/**
 * Decodes a JPEG or PNG to rows of the size `target` (as stored, not upright), top to bottom, on white where it is
 * transparent, and holds only a few of them; `predictReaderBytes` tells how much memory that takes. Each row of the result
 * is the mean of the area that it covers.
 *
 * Yields between rows, with the number of pixels done since the last time, so that the caller may let others have their
 * turn; `inTurns` does that. Throws `CorruptImage`, also where the size is not the header's.
 */
export function* readRows(options: ReadOptions & { readonly target: Size; readonly sink: RowSink }): Generator<number> {
  const { bytes, header, target, memory, sink } = options
  const read = header.format === "jpeg" ? readJpeg : readPng
  yield* read(bytes, { stored: header, target, memory, sink })
}

/** The same as a whole picture, turned upright. `target` is its size then. */
export function* readPicture({
  target,
  ...options
}: ReadOptions & { readonly target: Size }): Generator<number, Raster> {
  const { orientation } = options.header
  const stored = turnedSize(target, orientation)
  const { sink, finish } = createRasterBuilder(stored, orientation, options.memory)
  yield* readRows({ ...options, target: stored, sink })
  const raster = finish()
  if (raster === undefined) throw new CorruptImage("Rows are missing.")
  return raster
}
