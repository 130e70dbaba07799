import { CorruptImage } from "../../../ports/image-engine.ts"
import type { BitReader } from "./bit-reader.ts"
import type { HuffmanTable } from "./huffman-table.ts"
import { endOfBlock, extend, lookupBits, skipBits, skipEnds, stepOf } from "./huffman-table.ts"

const skipMask = (1 << skipBits) - 1
const lookupMask = (1 << lookupBits) - 1

/**
 * Reads the 63 AC coefficients of a block into `block`: the one at zigzag place k goes to `places[k]`, times `factors[k]`.
 * Returns the place behind the last one that is not zero, 1 when there is none.
 *
 * Here most of the time of decoding a JPEG is spent, so the reader's state lives in local variables.
 */
export const readAcCoefficients = (
  reader: BitReader,
  table: HuffmanTable,
  block: Float32Array | Int16Array,
  places: Uint8Array,
  factors: Float32Array,
  needed: number,
): number => {
  const { data } = reader
  const { steps, skips } = table
  let { buffer, count, position } = reader
  let k = 1
  let behind = 1
  while (k < 64) {
    if (count <= 16) {
      const first = data[position]!
      const second = data[position + 1]!
      // Also where the data ends: `undefined` is no byte below 0xff.
      if (first < 0xff && second < 0xff) {
        buffer = (buffer << 16) | (first << 8) | second
        count += 16
        position += 2
      } else {
        reader.buffer = buffer
        reader.count = count
        reader.position = position
        reader.fillSlowly()
        ;({ buffer, count, position } = reader)
      }
    }
    if (k >= needed) {
      const skip = skips[(buffer >>> (count - skipBits)) & skipMask]!
      const next = k + ((skip >> 5) & 127)
      // Beyond the last coefficient the bits belong to the next block.
      if (skip !== 0 && next < 64) {
        count -= skip & 31
        k = next
        if ((skip & skipEnds) !== 0) break
        continue
      }
    }
    let step = steps[(buffer >>> (count - lookupBits)) & lookupMask]!
    if (step === 0) {
      reader.buffer = buffer
      reader.count = count
      step = stepOf(reader.longSymbol(table), 0, 0, 0)
      count = reader.count
    }
    count -= step & 31
    const zeros = (step >> 9) & 127
    if (zeros === endOfBlock) break
    k += zeros
    if (k > 63) throw new CorruptImage("A block has more than 64 coefficients.")
    let value = step >> 16
    const sizeBits = (step >> 5) & 15
    if (sizeBits !== 0) {
      if (count < sizeBits) {
        reader.buffer = buffer
        reader.count = count
        reader.position = position
        reader.fill()
        ;({ buffer, count, position } = reader)
      }
      count -= sizeBits
      value = extend((buffer >>> count) & ((1 << sizeBits) - 1), sizeBits)
    }
    block[places[k]!] = value * factors[k]!
    k++
    if (k <= needed) behind = k
  }
  reader.buffer = buffer
  reader.count = count
  reader.position = position
  return behind
}
