import { constants, deflateSync } from "node:zlib"
import { expect, test } from "vitest"
import { createMemory } from "../../memory.ts"
import { seeded } from "../../tiny-images.suite.ts"
import { createCompressedData } from "./compressed-data.ts"
import { inflate } from "./inflate.ts"

const random = seeded(7)

/** Bytes with runs, repeats from far back, and noise; longer than the window. */
const original = ((): Uint8Array => {
  const bytes = new Uint8Array(400_000)
  for (let at = 0; at < bytes.length;) {
    const length = 1 + Math.floor(random() * 700)
    const kind = random()
    if (kind < 0.3) bytes.fill(Math.floor(random() * 256), at, at + length)
    else if (kind < 0.7 && at > 40_000) bytes.copyWithin(at, at - 1 - Math.floor(random() * 32_000), at)
    else for (let i = at; i < Math.min(at + length, bytes.length); i++) bytes[i] = Math.floor(random() * 256)
    at += length
  }
  return bytes
})()

/** Inflates what lies in chunks of this size. */
const inflated = (
  compressed: Uint8Array,
  chunkBytes: number,
): { readonly bytes: Buffer; readonly peakBytes: number } => {
  let start = 0
  const data = createCompressedData(compressed, () => {
    if (start >= compressed.length) return undefined
    const chunk = { start, end: Math.min(start + chunkBytes, compressed.length) }
    start += chunkBytes
    return chunk
  })
  const memory = createMemory()
  const portions: Uint8Array[] = []
  const work = inflate(data, memory, (bytes, from, to) => portions.push(bytes.slice(from, to)))
  while (work.next().done !== true);
  return { bytes: Buffer.concat(portions), peakBytes: memory.peakBytes() }
}

test.each([
  ["stored", { level: 0 }],
  ["fixed codes", { strategy: constants.Z_FIXED }],
  ["runs only", { strategy: constants.Z_RLE }],
  ["no matches", { strategy: constants.Z_HUFFMAN_ONLY }],
  ["fast", { level: 1 }],
  ["best", { level: 9 }],
] as const)("inflates what zlib deflates: %s, in chunks of any size, within 100 KB", (_, options) => {
  const compressed = deflateSync(original, options)
  for (const chunkBytes of [1, 1_000, compressed.length]) {
    const { bytes, peakBytes } = inflated(compressed, chunkBytes)
    expect(bytes.equals(original)).toBe(true)
    expect(peakBytes).toBeLessThan(100_000)
  }
})

test("says that the data is cut off, wherever it is cut", () => {
  const compressed = deflateSync(original.subarray(0, 2_000))
  // Nothing waits for the last four bytes, a checksum.
  for (let length = 2; length < compressed.length - 4; length += 7) {
    expect(() => inflated(compressed.subarray(0, length), 100)).toThrow("ends before")
  }
})
