import { CorruptImage } from "../../../ports/image-engine.ts"
import type { HuffmanTable } from "./huffman-table.ts"
import { lookupBits } from "./huffman-table.ts"

/**
 * Reads entropy-coded bits. Beyond a marker or the end of the data it gives zeros, so that nothing has to be asked for
 * each bit; `check` tells afterwards whether any of them were used, which only damaged data does.
 *
 * The fields are open for the one reader that keeps them in local variables while it works (baseline-block.ts).
 */
export class BitReader {
  readonly data: Uint8Array
  /** Of the next byte that is not in `buffer` yet. */
  position: number
  /** The next bits are its lowest `count`; what lies above is used up. */
  buffer = 0
  count = 0
  private invented = 0

  constructor(data: Uint8Array, position: number) {
    this.data = data
    this.position = position
  }

  /** At least 17 bits are in `buffer` afterwards: a code, or the longest value. */
  fill(): void {
    if (this.count > 16) return
    const { data, position } = this
    const first = data[position] ?? 0xff
    const second = data[position + 1] ?? 0xff
    if (first === 0xff || second === 0xff) return this.fillSlowly()
    this.buffer = (this.buffer << 16) | (first << 8) | second
    this.count += 16
    this.position = position + 2
  }

  /** Byte by byte: a 0xff is data where a zero follows it, and a marker otherwise. */
  fillSlowly(): void {
    const { data } = this
    while (this.count <= 24) {
      const byte = data[this.position] ?? 0xff
      let next = byte
      if (byte !== 0xff) this.position++
      else if (data[this.position + 1] === 0) this.position += 2
      else {
        next = 0
        this.invented += 8
      }
      this.buffer = (this.buffer << 8) | next
      this.count += 8
    }
  }

  bit(): number {
    if (this.count === 0) this.fill()
    this.count--
    return (this.buffer >>> this.count) & 1
  }

  /** Up to 16 of them. */
  bits(count: number): number {
    this.fill()
    this.count -= count
    return (this.buffer >>> this.count) & ((1 << count) - 1)
  }

  symbol(table: HuffmanTable): number {
    this.fill()
    const entry = table.lookup[(this.buffer >>> (this.count - lookupBits)) & ((1 << lookupBits) - 1)]!
    if (entry === 0) return this.longSymbol(table)
    this.count -= entry >> 8
    return entry & 255
  }

  /** A code that is longer than the lookup table is deep. Needs 16 bits in the buffer. */
  longSymbol({ largest, offsets, symbols }: HuffmanTable): number {
    const next = (this.buffer >>> (this.count - 16)) & 0xffff
    for (let length = lookupBits + 1; length <= 16; length++) {
      const code = next >> (16 - length)
      if (code > largest[length]!) continue
      this.count -= length
      return symbols[code + offsets[length]!]!
    }
    throw new CorruptImage("There is a code that its Huffman table does not have.")
  }

  /** Throws when bits were used that the data does not have. */
  check(): void {
    if (this.count < this.invented) throw new CorruptImage("The data ends before the picture does.")
  }

  /** Forgets the rest of the last byte and goes on behind the restart marker. */
  restart(): void {
    this.check()
    this.buffer = 0
    this.count = 0
    this.invented = 0
    const marker = this.data[this.position + 1] ?? 0
    if (this.data[this.position] !== 0xff || marker < 0xd0 || marker > 0xd7) {
      throw new CorruptImage("A restart marker is missing.")
    }
    this.position += 2
  }
}
