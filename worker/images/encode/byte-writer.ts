import type { Memory } from "../memory.ts"

/** Bytes of a file in the making; grows as it needs. */
export interface ByteWriter {
  /** Makes sure that this many bytes more can be written to `bytes` from `length` on. */
  readonly reserve: (count: number) => void
  bytes: Uint8Array<ArrayBuffer>
  length: number
  readonly put: (...values: readonly number[]) => void
  readonly put16: (value: number) => void
  /** A copy of just what was written; the writer lets go of its memory. */
  readonly finish: () => Uint8Array<ArrayBuffer>
}

export const createByteWriter = (memory: Memory, expectedBytes: number): ByteWriter => {
  const writer: ByteWriter = {
    bytes: memory.allocate(Uint8Array, expectedBytes),
    length: 0,
    reserve: (count) => {
      const { bytes, length } = writer
      if (length + count <= bytes.length) return
      writer.bytes = memory.allocate(Uint8Array, Math.max(length + count, Math.ceil(bytes.length * 1.5)))
      writer.bytes.set(bytes)
      memory.release(bytes)
    },
    put: (...values) => {
      writer.reserve(values.length)
      for (const value of values) writer.bytes[writer.length++] = value
    },
    put16: (value) => writer.put(value >> 8, value & 255),
    finish: () => {
      const result = writer.bytes.slice(0, writer.length)
      memory.release(writer.bytes)
      return result
    },
  }
  return writer
}
