import type { Size } from "../image.ts"
import type { Grey } from "./grey.ts"
import type { PdqHash } from "./pdq.ts"
import { hashDistance } from "./pdq.ts"
import { residualOf } from "./residual.ts"
import type { Residual } from "./residual.ts"

/**
 * Within these two pictures look the same; all of them are needed. Frozen, as measured by
 * `npm run bench -- picture-identity`: hash and shape find the picture, but a changed digit moves neither, so the windows
 * decide. Re-encodes at quality 50 and above stay within 6.6 and 10.3 levels, but for one in a hundred.
 */
export const lookLimits = {
  /** Of 256. A re-encoded drawing differs in 2 to 4, and so does one with another digit. */
  hashBits: 10,
  /** Width ÷ height, as a share. The hash looks at 64 × 64 samples whatever the shape. */
  aspectShare: 0.005,
  /**
   * Mean |Δ| in grey levels of the worst window at 1,024 px. The small one is for digits of 4 px that become their
   * look-alikes: they fill too little of the large one (4.3 levels), and 15 of the small.
   */
  windows: [
    { edgePx: 8, levels: 10 },
    { edgePx: 4, levels: 12 },
  ],
} as const

/** What a look is found by, without its pixels. */
export interface LookKey {
  /** Of the upright picture. */
  readonly size: Size
  readonly hash: PdqHash
}

/** Whether the pictures' shapes are the same but for rounding: what can be told from their headers. */
export const sameShape = (one: Size, other: Size): boolean => {
  const ratio = (one.widthPx * other.heightPx) / (one.heightPx * other.widthPx)
  return Math.abs(ratio - 1) <= lookLimits.aspectShare
}

/** Whether it is worth comparing the pixels. */
export const mayLookSame = (one: LookKey, other: LookKey): boolean =>
  sameShape(one.size, other.size) && hashDistance(one.hash, other.hash) <= lookLimits.hashBits

/**
 * Whether no part of one picture differs from the other by more than an encoder's noise. A copy that is too small to be
 * compared at the same edge proves nothing, so it is not the same.
 */
export const looksSame = (one: Grey, other: Grey): boolean => {
  const residual = comparedAt(one, other)
  return (
    residual !== undefined && lookLimits.windows.every(({ edgePx, levels }) => residual.worstWindow(edgePx) <= levels)
  )
}

/** `undefined` where the two cannot be compared at one edge. */
export const comparedAt = (one: Grey, other: Grey): Residual | undefined =>
  Math.max(one.widthPx, one.heightPx) === Math.max(other.widthPx, other.heightPx)
    ? residualOf(one, stretched(other, one))
    : undefined

/** The picture at a size that differs from its own by the rounding of a side; between its pixels it is linear. */
const stretched = (grey: Grey, { widthPx, heightPx }: Size): Grey => {
  if (grey.widthPx === widthPx && grey.heightPx === heightPx) return grey
  const columns = Array.from({ length: widthPx }, (_, x) => between(x, widthPx, grey.widthPx))
  const luma = new Uint8Array(widthPx * heightPx)
  for (let y = 0, to = 0; y < heightPx; y++) {
    const row = between(y, heightPx, grey.heightPx)
    for (const column of columns) {
      const at = (dx: 0 | 1, dy: 0 | 1): number =>
        grey.luma[(row.first + dy * row.step) * grey.widthPx + column.first + dx * column.step] ?? 0
      const upper = at(0, 0) + (at(1, 0) - at(0, 0)) * column.part
      const lower = at(0, 1) + (at(1, 1) - at(0, 1)) * column.part
      luma[to++] = Math.round(upper + (lower - upper) * row.part)
    }
  }
  return { widthPx, heightPx, luma }
}

/** Between which two pixels of `from` the middle of a pixel of `to` lies. */
const between = (position: number, to: number, from: number) => {
  const exact = Math.min(from - 1, Math.max(0, ((position + 0.5) * from) / to - 0.5))
  const first = Math.floor(exact)
  return { first, step: first + 1 < from ? 1 : 0, part: exact - first } as const
}
