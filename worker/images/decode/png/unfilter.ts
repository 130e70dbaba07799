import { CorruptImage } from "../../../ports/image-engine.ts"

/**
 * Undoes the filter of one row in place (PNG specification, 9.2). `step` is the distance in bytes to the pixel on the left;
 * `above` is the row before, zeros for the first. The first `step` bytes have no pixel on the left: it counts as zero.
 */
export const unfilter = (kind: number, row: Uint8Array, above: Uint8Array, step: number): void => {
  switch (kind) {
    case 0:
      return
    case 1:
      return undoLeft(row, step)
    case 2:
      return undoAbove(row, above)
    case 3:
      return undoMean(row, above, step)
    case 4:
      return undoPaeth(row, above, step)
    default:
      throw new CorruptImage(`A row has filter ${kind}, which PNG does not have.`)
  }
}

const undoLeft = (row: Uint8Array, step: number): void => {
  for (let i = step; i < row.length; i++) row[i] = row[i]! + row[i - step]!
}

const undoAbove = (row: Uint8Array, above: Uint8Array): void => {
  for (let i = 0; i < row.length; i++) row[i] = row[i]! + above[i]!
}

const undoMean = (row: Uint8Array, above: Uint8Array, step: number): void => {
  for (let i = 0; i < step; i++) row[i] = row[i]! + (above[i]! >> 1)
  for (let i = step; i < row.length; i++) row[i] = row[i]! + ((row[i - step]! + above[i]!) >> 1)
}

const undoPaeth = (row: Uint8Array, above: Uint8Array, step: number): void => {
  for (let i = 0; i < step; i++) row[i] = row[i]! + above[i]!
  for (let i = step; i < row.length; i++) {
    const left = row[i - step]!
    const up = above[i]!
    const corner = above[i - step]!
    const toLeft = Math.abs(up - corner)
    const toUp = Math.abs(left - corner)
    const toCorner = Math.abs(left + up - corner - corner)
    const nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner
    row[i] = row[i]! + nearest
  }
}
