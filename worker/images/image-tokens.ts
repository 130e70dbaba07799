import type { Detail } from "../../contract/analyze.ts"
import { atLongEdge, atShortSide, fitPatches, patchCount } from "./fit.ts"
import type { Size } from "./image.ts"
import type { ImageRule } from "./provider-rules.ts"

/**
 * Input tokens that a model charges for a picture of this (upright) size, by the formula on its provider's page; for a
 * model without one an estimate of a token per 28 px patch of what we would send.
 */
export const imageTokens = ({ sizing }: ImageRule, size: Size, detail: Detail): number => {
  switch (sizing.kind) {
    case "patches": {
      const seen = fitPatches(size, sizing.patchPx, sizing.boxes[detail])
      // 150 × 1.62 is 243, not the 244 that a binary fraction would round up to.
      return Math.ceil(Number((patchCount(seen, sizing.patchPx) * sizing.multiplier).toFixed(6)))
    }
    case "tiles": {
      if (detail === "low") return sizing.baseTokens
      const seen = atShortSide(atLongEdge(size, sizing.boxPx), sizing.shortSidePx)
      return sizing.baseTokens + patchCount(seen, sizing.tilePx) * sizing.tileTokens
    }
    case "flat":
      return sizing.levels[detail].tokens
    case "crops": {
      if (Math.max(size.widthPx, size.heightPx) <= sizing.smallPx) return sizing.cropTokens
      const twoThirds = Math.floor(Math.min(size.widthPx, size.heightPx) / 1.5)
      const cropPx = Math.min(sizing.cropPx, Math.max(sizing.smallestCropPx, twoThirds))
      return patchCount(size, cropPx) * sizing.cropTokens
    }
    case "box":
      return patchCount(atLongEdge(size, sizing.boxPx), 28)
  }
}
