import type { Grey } from "./grey.ts"

/** Where two pictures of one size are furthest apart. */
export interface Residual {
  /** The mean |Δ| in grey levels (0 to 255) of the worst square window of this edge; in a smaller picture, of all of it. */
  readonly worstWindow: (edgePx: number) => number
}

export const residualOf = (one: Grey, other: Grey): Residual => {
  const { widthPx, heightPx } = one
  const sums = summedArea(one, other)
  const stride = widthPx + 1
  return {
    worstWindow: (edgePx) => {
      const [width, height] = [Math.min(edgePx, widthPx), Math.min(edgePx, heightPx)]
      let worst = 0
      for (const top of starts(heightPx - height, edgePx)) {
        for (const left of starts(widthPx - width, edgePx)) {
          const [upper, lower] = [top * stride, (top + height) * stride]
          const sum =
            (sums[lower + left + width] ?? 0) -
            (sums[lower + left] ?? 0) -
            (sums[upper + left + width] ?? 0) +
            (sums[upper + left] ?? 0)
          worst = Math.max(worst, sum)
        }
      }
      return worst / (width * height)
    },
  }
}

/** Windows overlap by half, or a change on a seam would count in quarters; the last one ends at the edge. */
const starts = (last: number, edgePx: number): readonly number[] => {
  const step = edgePx / 2
  return Array.from({ length: Math.ceil(last / step) + 1 }, (_, i) => Math.min(i * step, last))
}

/** At each corner the sum of |Δ| above and to the left of it. */
const summedArea = (one: Grey, other: Grey): Uint32Array => {
  const { widthPx, heightPx } = one
  const stride = widthPx + 1
  const sums = new Uint32Array(stride * (heightPx + 1))
  for (let y = 0, i = 0; y < heightPx; y++) {
    let row = 0
    for (let x = 0; x < widthPx; x++, i++) {
      row += Math.abs((one.luma[i] ?? 0) - (other.luma[i] ?? 0))
      sums[(y + 1) * stride + x + 1] = (sums[y * stride + x + 1] ?? 0) + row
    }
  }
  return sums
}
