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
 */
export interface HuffmanTable {
  readonly lookup: Uint16Array
  readonly steps: Int32Array
  /** By length of the code: the largest code, or -1; and what to add to a code for its place in `symbols`. */
  readonly largest: Int32Array
  readonly offsets: Int32Array
  readonly symbols: Uint8Array
}

export const endOfBlock = 64

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
  return { lookup, steps, largest, offsets, symbols }
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
