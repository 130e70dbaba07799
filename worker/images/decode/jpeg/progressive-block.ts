import { CorruptImage } from "../../../ports/image-engine.ts"
import type { BitReader } from "./bit-reader.ts"
import type { CoefficientStore } from "./coefficient-store.ts"
import type { HuffmanTable } from "./huffman-table.ts"
import { extend } from "./huffman-table.ts"
import type { Scan } from "./segments.ts"

/** Reads what one scan says of one block (T.81, G.1.2 and figures G.3 to G.7). */

export interface AcScan {
  readonly reader: BitReader
  readonly table: HuffmanTable
  readonly scan: Scan
  readonly store: CoefficientStore
  /** Where the coefficient at each zigzag place lies in its block; `store.perBlock` for those not kept. */
  readonly places: Uint8Array
}

export const readFirstAc = ({ reader, table, scan, store, places }: AcScan, block: number): void => {
  if (store.endOfBandRun > 0) {
    store.endOfBandRun--
    return
  }
  const { spectralEnd, low } = scan
  const { values, isSet, perBlock } = store
  for (let k = scan.spectralStart; k <= spectralEnd; k++) {
    const symbol = reader.symbol(table)
    const zeros = symbol >> 4
    const sizeBits = symbol & 15
    if (sizeBits === 0) {
      if (zeros === 15) {
        k += 15
        continue
      }
      store.endOfBandRun = (1 << zeros) - 1 + (zeros === 0 ? 0 : reader.bits(zeros))
      return
    }
    k += zeros
    if (k > spectralEnd) throw new CorruptImage("A block has more coefficients than its scan.")
    const value = extend(reader.bits(sizeBits), sizeBits)
    const place = places[k]!
    if (place < perBlock) values[block * perBlock + place] = value << low
    const word = block * 2 + (k >> 5)
    isSet[word] = isSet[word]! | (1 << (k & 31))
  }
}

export const refineAc = (ac: AcScan, block: number): void => {
  const { reader, table, scan, store } = ac
  const { spectralEnd, low } = scan
  let k = scan.spectralStart
  while (store.endOfBandRun === 0 && k <= spectralEnd) {
    const symbol = reader.symbol(table)
    let zeros = symbol >> 4
    const sizeBits = symbol & 15
    let value = 0
    if (sizeBits === 0) {
      if (zeros < 15) {
        store.endOfBandRun = (1 << zeros) + (zeros === 0 ? 0 : reader.bits(zeros))
        break
      }
    } else if (sizeBits === 1) value = reader.bit() === 1 ? 1 << low : -1 << low
    else throw new CorruptImage("A refining scan has a value of more than one bit.")
    // Goes over as many zeros as told, and refines all others on the way.
    for (; k <= spectralEnd; k++) {
      if (isSetAt(store, block, k)) refine(ac, block, k)
      else if (zeros-- === 0) break
    }
    if (value !== 0) {
      if (k > spectralEnd) throw new CorruptImage("A block has more coefficients than its scan.")
      put(ac, block, k, value)
    }
    k++
  }
  if (store.endOfBandRun === 0) return
  store.endOfBandRun--
  for (; k <= spectralEnd; k++) if (isSetAt(store, block, k)) refine(ac, block, k)
}

const isSetAt = ({ isSet }: CoefficientStore, block: number, k: number): boolean =>
  ((isSet[block * 2 + (k >> 5)]! >>> (k & 31)) & 1) === 1

const refine = ({ reader, scan, store, places }: AcScan, block: number, k: number): void => {
  if (reader.bit() === 0) return
  const place = places[k]!
  if (place >= store.perBlock) return
  const at = block * store.perBlock + place
  const value = store.values[at]!
  store.values[at] = value < 0 ? value - (1 << scan.low) : value + (1 << scan.low)
}

const put = ({ store, places }: AcScan, block: number, k: number, value: number): void => {
  const place = places[k]!
  if (place < store.perBlock) store.values[block * store.perBlock + place] = value
  const word = block * 2 + (k >> 5)
  store.isSet[word] = store.isSet[word]! | (1 << (k & 31))
}
