import { CorruptImage } from "../../../ports/image-engine.ts"
import type { Memory } from "../../memory.ts"
import type { CompressedData } from "./compressed-data.ts"
import { copyMatch } from "./copy-match.ts"
import type { InflateTable } from "./inflate-table.ts"
import {
  createInflateTable,
  distanceMeanings,
  endOfBlock,
  findLongCode,
  invalid,
  literal,
  literalMeanings,
  longCode,
  plainMeanings,
} from "./inflate-table.ts"

/** How far back a match may reach (RFC 1951). */
const historyBytes = 32_768
const portionBytes = 65_536
const longestMatch = 258

/** Bytes that have just come out: good until the next portion is asked for. */
export type TakePortion = (bytes: Uint8Array, start: number, end: number) => void

/**
 * Inflates a zlib stream (RFC 1950) in portions, because the platform's own DecompressionStream keeps all of its output in
 * memory until it is read: 94 MB for a drawing of 12 megapixels. Holds 96 KiB. Yields after each portion.
 */
export function* inflate(data: CompressedData, memory: Memory, take: TakePortion): Generator<void> {
  readZlibHeader(data)
  const output = memory.allocate(Uint8Array, historyBytes + portionBytes + longestMatch)
  const limit = historyBytes + portionBytes
  let at = 0
  let taken = 0
  for (let isLast = false; !isLast;) {
    isLast = data.bits(1) === 1
    const kind = data.bits(2)
    const block = kind === 0 ? stored(data) : compressed(data, kind)
    for (;;) {
      const next = block(output, at, limit)
      const isDone = next < limit
      data.check()
      at = next
      if (isDone) break
      take(output, taken, at)
      output.copyWithin(0, at - historyBytes, at)
      at = historyBytes
      taken = historyBytes
      yield
    }
  }
  take(output, taken, at)
}

const readZlibHeader = (data: CompressedData): void => {
  const header = (data.bits(8) << 8) | data.bits(8)
  if (((header >> 8) & 15) !== 8 || header % 31 !== 0 || (header & 0x20) !== 0) {
    throw new CorruptImage("The pixels are no zlib stream.")
  }
}

/** Writes what it can from `at` on; returns where it stopped, below `limit` when the block has ended. */
type Block = (output: Uint8Array, at: number, limit: number) => number

const stored = (data: CompressedData): Block => {
  data.bits(data.count & 7)
  let left = data.bits(16)
  if ((data.bits(16) ^ left) !== 0xffff) throw new CorruptImage("A stored block contradicts its own length.")
  return (output, start, limit) => {
    let at = start
    for (; left > 0 && at < limit; left--) output[at++] = data.bits(8)
    return at
  }
}

const compressed = (data: CompressedData, kind: number): Block => {
  if (kind === 3) throw new CorruptImage("There is a deflate block of an unknown kind.")
  const { literals, distances } = kind === 1 ? fixedTables() : readTables(data)
  let hasEnded = false
  return (output, start, limit) => {
    if (hasEnded) return start
    const at = readSymbols(data, literals, distances, output, start, limit)
    if (at >= 0) return at
    hasEnded = true
    // Where a block ends just at the limit, the next call says so.
    return -at - 1
  }
}

/** Returns where it stopped at or above `limit`; where the block ended, that place as -place - 1. */
const readSymbols = (
  data: CompressedData,
  literals: InflateTable,
  distances: InflateTable,
  output: Uint8Array,
  start: number,
  limit: number,
): number => {
  const { bytes } = data
  let { hold, count, position, end } = data
  const literalMask = (1 << literals.depthBits) - 1
  const distanceMask = (1 << distances.depthBits) - 1
  const literalEntries = literals.entries
  const distanceEntries = distances.entries
  let at = start
  while (at < limit) {
    while (count < 25) {
      if (position === end) {
        data.hold = hold
        data.count = count
        data.position = position
        data.refill()
        ;({ hold, count, position, end } = data)
        break
      }
      hold |= bytes[position++]! << count
      count += 8
    }
    let entry = literalEntries[hold & literalMask]!
    if (entry === longCode) entry = findLongCode(literals, hold)
    hold >>>= entry & 31
    count -= entry & 31
    const kind = (entry >> 9) & 3
    if (kind === literal) {
      output[at++] = entry >>> 16
      continue
    }
    if (kind === endOfBlock) {
      data.hold = hold
      data.count = count
      data.position = position
      return -at - 1
    }
    if (kind === invalid) throw new CorruptImage("There is a match of an impossible length.")
    const lengthBits = (entry >> 5) & 15
    const length = (entry >>> 16) + (hold & ((1 << lengthBits) - 1))
    hold >>>= lengthBits
    count -= lengthBits
    // A distance takes up to 15 and 13 bits, so they are asked for twice.
    if (count < 25) {
      data.hold = hold
      data.count = count
      data.position = position
      data.refill()
      ;({ hold, count, position, end } = data)
    }
    entry = distanceEntries[hold & distanceMask]!
    if (entry === longCode) entry = findLongCode(distances, hold)
    hold >>>= entry & 31
    count -= entry & 31
    const distanceBits = (entry >> 5) & 15
    if (count < distanceBits) {
      data.hold = hold
      data.count = count
      data.position = position
      data.refill()
      ;({ hold, count, position, end } = data)
    }
    const distance = (entry >>> 16) + (hold & ((1 << distanceBits) - 1))
    hold >>>= distanceBits
    count -= distanceBits
    if (distance > at || ((entry >> 9) & 3) === invalid) {
      throw new CorruptImage("A match reaches back beyond the beginning.")
    }
    copyMatch(output, at, distance, length)
    at += length
  }
  data.hold = hold
  data.count = count
  data.position = position
  return at
}

interface Tables {
  readonly literals: InflateTable
  readonly distances: InflateTable
}

const literalDepth = 10
const distanceDepth = 9

let fixed: Tables | undefined
const fixedTables = (): Tables => {
  const lengths = Uint8Array.from({ length: 288 }, (_, symbol) =>
    symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
  )
  fixed ??= {
    literals: createInflateTable(lengths, literalMeanings, literalDepth),
    distances: createInflateTable(new Uint8Array(32).fill(5), distanceMeanings, distanceDepth),
  }
  return fixed
}

/** The order in which a block states the lengths of the code for its code lengths (RFC 1951, 3.2.7). */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const

const readTables = (data: CompressedData): Tables => {
  const literalCount = data.bits(5) + 257
  const distanceCount = data.bits(5) + 1
  const stated = data.bits(4) + 4
  if (literalCount > 286) throw new CorruptImage("A deflate block has too many codes.")
  const ofLengths = new Uint8Array(19)
  for (const symbol of lengthOrder.slice(0, stated)) ofLengths[symbol] = data.bits(3)
  const lengths = readLengths(data, createInflateTable(ofLengths, plainMeanings, 7), literalCount + distanceCount)
  return {
    literals: createInflateTable(lengths.subarray(0, literalCount), literalMeanings, literalDepth),
    distances: createInflateTable(lengths.subarray(literalCount), distanceMeanings, distanceDepth),
  }
}

const readLengths = (data: CompressedData, table: InflateTable, count: number): Uint8Array => {
  const lengths = new Uint8Array(count)
  for (let i = 0; i < count;) {
    data.refill()
    const entry = table.entries[data.hold & 127]!
    if (entry === longCode) throw new CorruptImage("A deflate block has a damaged code.")
    data.bits(entry & 31)
    const symbol = entry >>> 16
    if (symbol < 16) {
      lengths[i++] = symbol
      continue
    }
    if (symbol === 16 && i === 0) throw new CorruptImage("A deflate block repeats a length that is not there.")
    const value = symbol === 16 ? lengths[i - 1]! : 0
    const repeats = symbol === 16 ? 3 + data.bits(2) : symbol === 17 ? 3 + data.bits(3) : 11 + data.bits(7)
    if (i + repeats > count) throw new CorruptImage("A deflate block has too many codes.")
    lengths.fill(value, i, i + repeats)
    i += repeats
  }
  return lengths
}
