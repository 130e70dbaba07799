import type { EnginePicture } from "../../ports/image-engine.ts"
import type { Size } from "../image.ts"
import type { Memory } from "../memory.ts"
import type { Raster } from "../raster.ts"
import type { Pause } from "./turns.ts"

export type Prediction =
  /** What decoding will hold at its peak, beside the received bytes. */
  { readonly peakBytes: number } | { readonly obstacle: string }

/** One way to come from a picture's bytes to its pixels in the wanted size. */
export interface RasterSource {
  readonly name: string
  readonly predict: (picture: EnginePicture, target: Size) => Prediction
  /** Upright, on white, exactly of the size `target`. Rejects with `CorruptImage`. */
  readonly read: (picture: EnginePicture, target: Size, host: RasterHost) => Promise<Raster>
}

export interface RasterHost {
  readonly memory: Memory
  readonly pause: Pause
}
