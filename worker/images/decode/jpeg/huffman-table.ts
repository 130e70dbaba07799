import { CorruptImage } from "../../../ports/image-engine.ts"

/** Codes of up to this length are found by one look into a table; longer ones are rare by construction. */
export const lookupBits = 10

/**
 * A Huffman table (ITU-T T.81, annex C and F.2.2.3), made ready for reading.
 *
 * `lookup` has an entry for each of the next `lookupBits` bits, 0 where the code is longer or does not exist:
 * bits 0 to 7 the symbol, from bit 8 the length of its code.
 *
 * `steps` says the same in what a block of AC coefficients needs, value included where the bits hold it all:
 * bits 0 to 4 how many bits are used up; 5 to 8 how many more make up the value; 9 to 15 how many zeros come before it
 * (`endOfBlock` when the block ends); 16 to 31 the value.
 *
 * `skips` goes over coefficients that nobody needs, for each of the next `skipBits` bits: as many whole ones, values
 * included, as are in these. Bits 0 to 4 how many bits they take, 5 to 11 how many coefficients that is, zeros included, and
 * bit 12 whether the block ends behind them. 0 where not even one is whole.
 */
export interface HuffmanTable {
  readonly lookup: Uint16Array
  readonly steps: Int32Array
  readonly skips: Uint16Array
  /** By length of the code: the largest code, or -1; and what to add to a code for its place in `symbols`. */
  readonly largest: Int32Array
  readonly offsets: Int32Array
  readonly symbols: Uint8Array
}

export const endOfBlock = 64
export const skipBits = 12
export const skipEnds = 0x1000

/** `counts` says how many codes there are of each length from 1 to 16. Throws when no prefix code has these lengths. */
export const createHuffmanTable = (counts: Uint8Array, symbols: Uint8Array): HuffmanTable => {
  const lookup = new Uint16Array(1 << lookupBits)
  const steps = new Int32Array(1 << lookupBits)
  const largest = new Int32Array(17).fill(-1)
  const offsets = new Int32Array(17)
  let code = 0
  let place = 0
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1] ?? 0
    if (code + count > 1 << length) throw new CorruptImage("A Huffman table has more codes than bits for them.")
    offsets[length] = place - code
    for (let i = 0; i < count; i++, code++, place++) {
      if (length > lookupBits) continue
      const symbol = symbols[place] ?? 0
      const spare = lookupBits - length
      for (let rest = 0; rest < 1 << spare; rest++) {
        const bits = (code << spare) | rest
        lookup[bits] = (length << 8) | symbol
        steps[bits] = stepOf(symbol, length, rest, spare)
      }
    }
    if (count > 0) largest[length] = code - 1
    code <<= 1
  }
  return { lookup, steps, skips: skipsOf(lookup), largest, offsets, symbols }
}

const skipsOf = (lookup: Uint16Array): Uint16Array => {
  const skips = new Uint16Array(1 << skipBits)
  for (let bits = 0; bits < skips.length; bits++) {
    let used = 0
    let coefficients = 0
    for (;;) {
      // What is missing at the end counts as zeros; a code found with their help does not fit.
      const entry = lookup[((bits << used) & (skips.length - 1)) >> (skipBits - lookupBits)]!
      const symbol = entry & 255
      const taken = (entry >> 8) + (symbol & 15)
      if (entry === 0 || used + taken > skipBits) break
      used += taken
      if ((symbol & 15) === 0 && symbol !== 0xf0) {
        skips[bits] = skipEnds
        break
      }
      coefficients += (symbol >> 4) + 1
    }
    skips[bits] = skips[bits]! | (coefficients << 5) | used
  }
  return skips
}

/** What one symbol of AC coefficients asks for; `rest` are the `spare` bits known beyond its code. */
export const stepOf = (symbol: number, length: number, rest: number, spare: number): number => {
  const zeros = symbol >> 4
  const sizeBits = symbol & 15
  // Of the symbols without a value, only the one for 16 zeros does not end the block.
  if (sizeBits === 0) return length | ((zeros === 15 ? 15 : endOfBlock) << 9)
  if (sizeBits > spare) return length | (sizeBits << 5) | (zeros << 9)
  const value = extend(rest >> (spare - sizeBits), sizeBits)
  return (length + sizeBits) | (zeros << 9) | (value << 16)
}

/** The signed value behind `sizeBits` bits (T.81, F.2.2.1, EXTEND). */
export const extend = (bits: number, sizeBits: number): number =>
  bits < 1 << (sizeBits - 1) ? bits - (1 << sizeBits) + 1 : bits
