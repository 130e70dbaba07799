import type { ReceivedImage, Size } from "../images/image.ts"
import type { Raster } from "../images/raster.ts"

/** Decodes pictures to be compared. */
export interface PictureReader {
  /** Whose rounding the pixels have: two decoders differ by a level here and there. */
  readonly name: string
  /** Whether a picture can be read at that size within the host's memory. */
  readonly canRead: (picture: Pick<ReceivedImage, "bytes" | "header">, target: Size) => boolean
  /** Upright, alpha flattened on white, averaged down to `target`. Rejects with `CorruptImage`. Only for what `canRead` takes. */
  readonly read: (picture: Pick<ReceivedImage, "bytes" | "header">, target: Size) => Promise<Raster>
}
