import { CorruptImage } from "../../../ports/image-engine.ts"

/** A JPEG of a kind that hardly anyone writes, and that is not read here; it need not be damaged. */
export class UnsupportedJpeg extends CorruptImage {
  override readonly name = "UnsupportedJpeg"
}
