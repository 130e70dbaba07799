import type { Size } from "./image.ts"
import type { PatchBox } from "./provider-rules.ts"

/** The picture at this long edge: the other side follows, to the nearest pixel. Never enlarges. */
export const atLongEdge = ({ widthPx, heightPx }: Size, longEdgePx: number): Size => {
  const scale = Math.min(1, longEdgePx / Math.max(widthPx, heightPx))
  return { widthPx: Math.max(1, Math.round(widthPx * scale)), heightPx: Math.max(1, Math.round(heightPx * scale)) }
}

/** The picture with its short side no longer than this. Never enlarges. */
export const atShortSide = (size: Size, shortSidePx: number): Size => {
  const [short, long] = [Math.min(size.widthPx, size.heightPx), Math.max(size.widthPx, size.heightPx)]
  return short <= shortSidePx ? size : atLongEdge(size, Math.floor((long * shortSidePx) / short))
}

/** Patches that cover a picture; the last of a row or column may hang over its edge. */
export const patchCount = ({ widthPx, heightPx }: Size, patchPx: number): number =>
  Math.ceil(widthPx / patchPx) * Math.ceil(heightPx / patchPx)

/** The largest picture of the same shape within the box: what a provider makes of a picture that is too large. */
export const fitPatches = (size: Size, patchPx: number, box: PatchBox): Size => {
  const fits = (candidate: Size): boolean => patchCount(candidate, patchPx) <= box.patches
  let largest = Math.min(Math.max(size.widthPx, size.heightPx), box.longEdgePx)
  if (fits(atLongEdge(size, largest))) return atLongEdge(size, largest)
  // Both sides grow with the long edge, so the last one that fits is found by halving.
  let smallest = 1
  while (largest - smallest > 1) {
    const middle = Math.floor((smallest + largest) / 2)
    if (fits(atLongEdge(size, middle))) smallest = middle
    else largest = middle
  }
  return atLongEdge(size, smallest)
}
