import { atLongEdge } from "../fit.ts"
import type { Size } from "../image.ts"
import type { Raster } from "../raster.ts"

/** A picture as one byte of luma a pixel, row by row: what likeness is judged by. */
export interface Grey extends Size {
  readonly luma: Uint8Array<ArrayBuffer>
}

/**
 * The edge at which likeness is judged. A label of 1.8 mm on an A3 sheet is still 4 px high here; half of this edge would
 * dilute a changed digit to a quarter within its window.
 */
const greyEdgePx = 1_024
/** A small picture is judged below its own size: an encoder's noise sits in single pixels, and averages out. */
const greyShare = 5 / 8

/** The size of the grey picture for an upright picture. */
export const greySize = (size: Size): Size =>
  atLongEdge(size, Math.min(greyEdgePx, Math.ceil(Math.max(size.widthPx, size.heightPx) * greyShare)))

/** A picture averaged down by area to that size; never enlarged. */
export const greyOf = (raster: Raster, to: Size = greySize(raster)): Grey => {
  const { widthPx, heightPx, channels, pixels } = raster
  const columns = spans(widthPx, to.widthPx)
  const rows = spans(heightPx, to.heightPx)
  const luma = new Uint8Array(to.widthPx * to.heightPx)
  const narrow = new Float32Array(to.widthPx + 1)
  let [current, next] = [new Float32Array(to.widthPx), new Float32Array(to.widthPx)]
  for (let y = 0; y < heightPx; y++) {
    shrinkRow(pixels, y * widthPx * channels, channels, columns, narrow)
    addRow(narrow, rows.share[y] ?? 0, current)
    const spill = rows.spill[y] ?? 0
    if (spill > 0) addRow(narrow, spill, next)
    const place = rows.place[y] ?? 0
    if (rows.place[y + 1] === place) continue
    for (let x = 0; x < to.widthPx; x++) luma[place * to.widthPx + x] = Math.round(current[x] ?? 0)
    ;[current, next] = [next, current.fill(0)]
  }
  return { ...to, luma }
}

interface Spans {
  /** The position of the result into which a source position falls, with how much of it, and how much into the one behind. */
  readonly place: Int32Array
  readonly share: Float32Array
  readonly spill: Float32Array
}

/** Nothing is enlarged, so a source position falls into two of the result's at most. */
const spans = (from: number, to: number): Spans => {
  const place = new Int32Array(from)
  const share = new Float32Array(from)
  const spill = new Float32Array(from)
  for (let i = 0; i < from; i++) {
    // In whole numbers of 1/from, so that no rounding makes a sliver of a share.
    const start = i * to
    const first = Math.floor(start / from)
    const inFirst = Math.min(to, (first + 1) * from - start)
    place[i] = first
    share[i] = inFirst / from
    spill[i] = (to - inFirst) / from
  }
  return { place, share, spill }
}

/** Luma by ITU-R BT.601, the weights of JPEG and of PDQ. */
const shrinkRow = (
  pixels: Uint8Array,
  start: number,
  channels: Raster["channels"],
  { place, share, spill }: Spans,
  narrow: Float32Array,
): void => {
  narrow.fill(0)
  for (let x = 0, at = start; x < place.length; x++, at += channels) {
    const first = pixels[at] ?? 0
    const luma = channels === 1 ? first : 0.299 * first + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0)
    const to = place[x] ?? 0
    narrow[to] = (narrow[to] ?? 0) + luma * (share[x] ?? 0)
    narrow[to + 1] = (narrow[to + 1] ?? 0) + luma * (spill[x] ?? 0)
  }
}

const addRow = (row: Float32Array, weight: number, sum: Float32Array): void => {
  for (let x = 0; x < sum.length; x++) sum[x] = (sum[x] ?? 0) + weight * (row[x] ?? 0)
}
