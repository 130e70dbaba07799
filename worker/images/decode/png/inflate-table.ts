import { CorruptImage } from "../../../ports/image-engine.ts"

/**
 * A deflate code (RFC 1951, 3.2.2) made ready for reading. `entries` has one for each of the next `depthBits` bits: bits 0
 * to 4 the length of the code, 5 to 8 how many extra bits follow, 9 to 10 the kind, 16 to 31 the literal, or what the extra
 * bits are added to. It is `longCode` where the code is longer than the table is deep: then `counts` and `symbols`, the
 * codes in order of their lengths, tell.
 */
export interface InflateTable {
  readonly depthBits: number
  readonly entries: Int32Array
  readonly counts: Uint16Array
  readonly symbols: Uint16Array
  /** The entry of each symbol, without its code's length. */
  readonly meanings: Int32Array
}

export const literal = 0
export const match = 1
export const endOfBlock = 2
export const invalid = 3
export const longCode = 0

const meaning = (kind: number, base: number, extraBits = 0): number => (base << 16) | (kind << 9) | (extraBits << 5)

const lengthMeaning = (symbol: number): number => {
  // 257 to 264 stand for 3 to 10; then four symbols share each number of extra bits; 285 is 258 alone.
  if (symbol === 285) return meaning(match, 258)
  if (symbol < 265) return meaning(match, symbol - 254)
  const extraBits = (symbol - 261) >> 2
  return meaning(match, 3 + ((4 + ((symbol - 261) & 3)) << extraBits), extraBits)
}

const distanceMeaning = (symbol: number): number => {
  if (symbol > 29) return meaning(invalid, 0)
  if (symbol < 4) return meaning(match, symbol + 1)
  const extraBits = (symbol >> 1) - 1
  return meaning(match, 1 + ((2 + (symbol & 1)) << extraBits), extraBits)
}

export const literalMeanings: Int32Array = Int32Array.from({ length: 288 }, (_, symbol) => {
  if (symbol < 256) return meaning(literal, symbol)
  if (symbol === 256) return meaning(endOfBlock, 0)
  return symbol > 285 ? meaning(invalid, 0) : lengthMeaning(symbol)
})
export const distanceMeanings: Int32Array = Int32Array.from({ length: 32 }, (_, symbol) => distanceMeaning(symbol))
export const plainMeanings: Int32Array = Int32Array.from({ length: 19 }, (_, symbol) => meaning(literal, symbol))

export const createInflateTable = (lengths: Uint8Array, meanings: Int32Array, depthBits: number): InflateTable => {
  const counts = new Uint16Array(16)
  for (const length of lengths) counts[length] = counts[length]! + 1
  counts[0] = 0
  const offsets = new Uint16Array(17)
  const firstCodes = new Int32Array(17)
  let spaces = 1
  for (let length = 1; length <= 15; length++) {
    spaces = spaces * 2 - counts[length]!
    if (spaces < 0) throw new CorruptImage("A deflate code has more symbols than bits for them.")
    offsets[length + 1] = offsets[length]! + counts[length]!
    firstCodes[length + 1] = (firstCodes[length]! + counts[length]!) << 1
  }
  const entries = new Int32Array(1 << depthBits)
  const symbols = new Uint16Array(lengths.length)
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!
    if (length === 0) continue
    symbols[offsets[length]!] = symbol
    offsets[length] = offsets[length]! + 1
    const code = firstCodes[length]!
    firstCodes[length] = code + 1
    if (length > depthBits) continue
    const entry = meanings[symbol]! | length
    for (let at = reversed(code, length); at < entries.length; at += 1 << length) entries[at] = entry
  }
  return { depthBits, entries, counts, symbols, meanings }
}

const reversed = (code: number, length: number): number => {
  let result = 0
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit)
  return result
}

/** The entry for a code beyond the table's depth, bit by bit (as RFC 1951 defines it); `bits` holds at least 15. */
export const findLongCode = ({ counts, symbols, meanings }: InflateTable, bits: number): number => {
  let code = 0
  let first = 0
  let index = 0
  for (let length = 1; length <= 15; length++) {
    code |= (bits >> (length - 1)) & 1
    const count = counts[length]!
    if (code - count < first) return meanings[symbols[index + code - first]!]! | length
    index += count
    first = (first + count) << 1
    code <<= 1
  }
  throw new CorruptImage("There is a deflate code that its block does not have.")
}
