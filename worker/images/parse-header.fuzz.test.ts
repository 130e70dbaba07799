import sharp from "sharp"
import { describe, expect, test } from "vitest"
import { imageFormats } from "./image.ts"
import { encodedPictures, mutated, originalPictures } from "./mutated-pictures.suite.ts"
import { parseHeader, parseView } from "./parse-header.ts"
import { countingReads, seeded } from "./tiny-images.suite.ts"

describe("the header parser, fuzzed", () => {
  test("answers each of 30,000 damaged files with a sound header, a fault or nothing, in bounded work", async () => {
    const random = seeded(20_261_125)
    const originals = await originalPictures()
    const seen = { header: 0, fault: 0, unknown: 0 }
    let mostReads = 0
    for (let i = 0; i < 30_000; i++) {
      const bytes = mutated(originals[i % originals.length] ?? new Uint8Array(), random)
      const before = bytes.slice()
      const { view, reads } = countingReads(bytes)
      const result = parseView(view)
      mostReads = Math.max(mostReads, reads() / (bytes.length + 500))
      if (result === undefined) seen.unknown++
      else if ("fault" in result) seen.fault++
      else {
        seen.header++
        const unsound = problemOf(result)
        if (unsound !== undefined) throw new Error(`Case ${i}: ${unsound} in ${JSON.stringify(result)}.`)
      }
      if (i % 100 === 0) expect(bytes).toEqual(before)
    }
    // Never more than so many reads per byte, so no input of any length can hold an isolate.
    expect(mostReads).toBeLessThan(10)
    // Each way to answer is exercised, or the harms would be too mild or too wild.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(3_000)
  })

  test("reads of whole files what another decoder reads", async () => {
    for (const [name, bytes] of Object.entries(await encodedPictures())) {
      const {
        width,
        height,
        hasAlpha,
        orientation = 1,
        pages = 1,
        isProgressive,
        depth,
        space,
      } = await sharp(bytes).metadata()
      expect([name, parseHeader(bytes)]).toEqual([
        name,
        {
          format: name.split(" ")[0],
          widthPx: width,
          heightPx: height,
          bitDepth:
            name === "png palette" ? expect.any(Number) : name === "avif 10 bit" ? 10 : depth === "ushort" ? 16 : 8,
          hasAlpha,
          frames: Math.min(2, pages),
          progressive: isProgressive ?? false,
          orientation,
          ...(space === "cmyk" ? { cmyk: true } : {}),
        },
      ])
    }
  })
})

const problemOf = (
  header: Exclude<ReturnType<typeof parseHeader>, undefined | { fault: string }>,
): string | undefined => {
  const { widthPx, heightPx, frames, bitDepth, orientation, format } = header
  for (const count of [widthPx, heightPx, frames])
    if (!Number.isSafeInteger(count) || count < 1) return `count ${count}`
  if (!Number.isInteger(bitDepth) || bitDepth < 1 || bitDepth > 16) return `depth ${bitDepth}`
  if (!Number.isInteger(orientation) || orientation < 1 || orientation > 8) return `orientation ${orientation}`
  return imageFormats.includes(format) ? undefined : `format ${format}`
}
