import { CorruptImage } from "../../../ports/image-engine.ts"

/** A PNG keeps its compressed pixels in many chunks; this reads them as one row of bits, lowest first. */
export interface CompressedData {
  readonly bytes: Uint8Array
  /** Of the next byte within `bytes`, and where the chunk that it belongs to ends. */
  position: number
  end: number
  hold: number
  count: number
  /** Takes bytes into `hold` until it has at least 25 bits. */
  readonly refill: () => void
  readonly bits: (count: number) => number
  /** Throws when bits were used that the data does not have. */
  readonly check: () => void
}

/** Goes to the next chunk of pixels: where its data begins and ends; `undefined` when there is none. */
export type NextChunk = () => { readonly start: number; readonly end: number } | undefined

/** Zero bytes that are given beyond the end, so that the last code can be looked up; `check` finds out when they were used. */
const mostInvented = 4

export const createCompressedData = (bytes: Uint8Array, nextChunk: NextChunk): CompressedData => {
  let invented = 0
  const nextByte = (data: CompressedData): number => {
    while (data.position === data.end) {
      const chunk = nextChunk()
      if (chunk === undefined) {
        if (++invented > mostInvented) throw new CorruptImage("The data ends before the picture does.")
        return 0
      }
      data.position = chunk.start
      data.end = chunk.end
    }
    return bytes[data.position++]!
  }
  const data: CompressedData = {
    bytes,
    position: 0,
    end: 0,
    hold: 0,
    count: 0,
    refill: () => {
      while (data.count < 25) {
        data.hold |= nextByte(data) << data.count
        data.count += 8
      }
    },
    bits: (count) => {
      if (data.count < count) data.refill()
      const value = data.hold & ((1 << count) - 1)
      data.hold >>>= count
      data.count -= count
      return value
    },
    check: () => {
      if (data.count < invented * 8) throw new CorruptImage("The data ends before the picture does.")
    },
  }
  return data
}
