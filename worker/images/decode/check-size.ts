import { CorruptImage } from "../../ports/image-engine.ts"
import type { Size } from "../image.ts"

/** All limits were checked, and the target planned, by the header; a second size inside would get around both. */
export const checkSize = (actual: Size, stated: Size): void => {
  if (actual.widthPx === stated.widthPx && actual.heightPx === stated.heightPx) return
  throw new CorruptImage(
    `The header says ${stated.widthPx} × ${stated.heightPx} px, the pixels are ${actual.widthPx} × ${actual.heightPx}.`,
  )
}
