import type { Size } from "../image.ts"
import type { AveragerOptions } from "./row-averager.ts"

/** Takes rows of means and passes on rows of rounded samples, one row later. */
export interface Deblur {
  /** Where the next row is to be written, before `push`. */
  readonly nextRow: () => Float32Array
  readonly push: () => void
}

/**
 * How much of the difference to its two neighbors a mean lacks. Over an area of width 1 the mean of a curve lies f″ / 24
 * above the curve itself, and the neighbors tell f″. Without this a mean would blur what other filters keep, small letters
 * first.
 */
const lack = 1 / 24

/** Beyond this scale all details are far smaller than a sample, and there is nothing to bring back. */
const largestScale = 4

export const createDeblur = (
  options: Pick<AveragerOptions, "span" | "target" | "channels" | "memory" | "onRow">,
): Deblur => {
  const { span, target, channels, memory, onRow } = options
  const length = target.widthPx * channels
  const result = memory.allocate(Uint8ClampedArray, length)
  const means = memory.allocate(Float32Array, length)
  if (!isNeeded(span, target)) {
    return {
      nextRow: () => means,
      push: () => {
        result.set(means)
        onRow(result)
      },
    }
  }
  let above = memory.allocate(Float32Array, length)
  let current = memory.allocate(Float32Array, length)
  let below = memory.allocate(Float32Array, length)
  let count = 0
  const passOn = (first: Float32Array, middle: Float32Array, last: Float32Array): void => {
    deblurDown(first, middle, last, result)
    onRow(result)
  }
  return {
    nextRow: () => means,
    push: () => {
      deblurAcross(means, channels, below)
      // The first and the last row stand in for what lies beyond them.
      if (count === 1) passOn(current, current, below)
      else if (count > 1) passOn(above, current, below)
      count++
      if (count === target.heightPx) passOn(count === 1 ? below : current, below, below)
      ;[above, current, below] = [current, below, above]
    },
  }
}

const isNeeded = (span: Size, target: Size): boolean =>
  Math.max(span.widthPx / target.widthPx, span.heightPx / target.heightPx) < largestScale

const deblurAcross = (means: Float32Array, channels: number, result: Float32Array): void => {
  const { length } = means
  if (length === channels) return result.set(means)
  const last = length - channels
  for (let i = 0; i < channels; i++) {
    result[i] = means[i]! + (means[i]! - means[i + channels]!) * lack
    result[last + i] = means[last + i]! + (means[last + i]! - means[last + i - channels]!) * lack
  }
  for (let i = channels; i < last; i++) {
    result[i] = means[i]! * (1 + 2 * lack) - (means[i - channels]! + means[i + channels]!) * lack
  }
}

/** Rounds and clamps by being stored. */
const deblurDown = (
  above: Float32Array,
  middle: Float32Array,
  below: Float32Array,
  result: Uint8ClampedArray,
): void => {
  for (let i = 0; i < result.length; i++) {
    result[i] = middle[i]! * (1 + 2 * lack) - (above[i]! + below[i]!) * lack
  }
}
