import type { Memory } from "../../memory.ts"
import type { Plane } from "./plane.ts"

/**
 * The coefficients of one color between scans. Only those that the scale needs are kept: a picture at half its size takes
 * a quarter of the memory. A refining scan has bits for all coefficients that are not zero yet, the dropped ones too, so
 * for each of the 64 a bit says whether it is.
 */
export interface CoefficientStore {
  /** Coefficients that are kept of each block. */
  readonly perBlock: number
  readonly values: Int16Array
  /** Two numbers a block: the bit of zigzag place k is bit k % 32 of number k / 32. */
  readonly isSet: Int32Array
  /** Bits that an "end of band" run leaves for the blocks that follow. */
  endOfBandRun: number
}

export const createCoefficientStore = ({ component, side }: Plane, memory: Memory): CoefficientStore => {
  const blocks = component.blocksPerRow * component.blockRows
  return {
    perBlock: side * side,
    values: memory.allocate(Int16Array, blocks * side * side),
    isSet: memory.allocate(Int32Array, blocks * 2),
    endOfBandRun: 0,
  }
}

/** Puts a block's coefficients, dequantized, into the plane's block; says whether there is any but the first. */
export const loadBlock = (store: CoefficientStore, plane: Plane, index: number, kept: Uint8Array): boolean => {
  const { values, perBlock } = store
  const { block, places, factors } = plane
  const base = index * perBlock
  let hasMore = false
  for (let i = 0; i < perBlock; i++) {
    const k = kept[i]!
    const value = values[base + places[k]!]!
    if (value === 0) continue
    if (k > 0) hasMore = true
    block[places[k]!] = value * factors[k]!
  }
  return hasMore
}

/** The zigzag places whose coefficients are kept. */
export const keptPlaces = ({ places, side }: Plane): Uint8Array =>
  Uint8Array.from([...places.keys()].filter((k) => places[k]! < side * side))
