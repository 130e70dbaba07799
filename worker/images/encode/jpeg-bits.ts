import type { ByteWriter } from "./byte-writer.ts"
import type { CodeTable } from "./jpeg-tables.ts"

/** By symbol: the code in the lower 16 bits, its length above. */
export const codesOf = ({ counts, symbols }: CodeTable): Int32Array => {
  const codes = new Int32Array(256)
  let code = 0
  let place = 0
  for (let length = 1; length <= 16; length++) {
    for (let i = 0; i < (counts[length - 1] ?? 0); i++) codes[symbols[place++] ?? 0] = (length << 16) | code++
    code <<= 1
  }
  return codes
}

/** Writes the entropy-coded data of a JPEG. */
export interface JpegBits {
  /** One block, quantized, in zigzag order; the first coefficient as its difference to the block before. */
  readonly block: (coefficients: Int16Array, dcCodes: Int32Array, acCodes: Int32Array) => void
  /** Fills the last byte with ones. */
  readonly finish: () => void
}

export const createJpegBits = (writer: ByteWriter): JpegBits => {
  let hold = 0
  let count = 0

  const put = (bits: number, length: number): void => {
    hold = (hold << length) | bits
    count += length
    while (count >= 8) {
      count -= 8
      const byte = (hold >>> count) & 255
      writer.bytes[writer.length++] = byte
      // So that no marker is found in the data.
      if (byte === 0xff) writer.bytes[writer.length++] = 0
    }
    // Kept small, so that it never becomes a number that V8 has to allocate.
    hold &= 0xff
  }
  const putCode = (entry: number): void => put(entry & 0xffff, entry >>> 16)
  const putValue = (value: number, sizeBits: number): void =>
    put(value < 0 ? value + (1 << sizeBits) - 1 : value, sizeBits)

  return {
    block: (coefficients, dcCodes, acCodes) => {
      // 64 codes of 16 bits with as many value bits, each byte doubled: the most that a block can take.
      writer.reserve(512)
      const difference = coefficients[0]!
      const dcBits = bitLength(difference)
      putCode(dcCodes[dcBits]!)
      if (dcBits > 0) putValue(difference, dcBits)
      let zeros = 0
      for (let k = 1; k < 64; k++) {
        const value = coefficients[k]!
        if (value === 0) {
          zeros++
          continue
        }
        for (; zeros > 15; zeros -= 16) putCode(acCodes[0xf0]!)
        const sizeBits = bitLength(value)
        putCode(acCodes[(zeros << 4) | sizeBits]!)
        putValue(value, sizeBits)
        zeros = 0
      }
      if (zeros > 0) putCode(acCodes[0]!)
    },
    finish: () => {
      writer.reserve(4)
      if (count > 0) put((1 << (8 - count)) - 1, 8 - count)
    },
  }
}

const bitLength = (value: number): number => 32 - Math.clz32(value < 0 ? -value : value)
