import sharp from "sharp"
import type { Sharp } from "sharp"
import { describe, expect, test } from "vitest"
import { CorruptImage } from "../../ports/image-engine.ts"
import { createMemory } from "../memory.ts"
import { parseHeader } from "../parse-header.ts"
import { seeded } from "../tiny-images.suite.ts"
import { crc32 } from "./png/crc32.ts"
import { rareJpeg } from "./rare-jpegs.suite.ts"
import { predictReaderBytes } from "./predict-memory.ts"
import { isReadable, readPicture } from "./read-picture.ts"
import { turnedSize } from "./upright.ts"

/**
 * Damages small pictures in thousands of ways, each of which comes back by its seed. A reader may give a picture or say
 * `CorruptImage`, and nothing else; its work and its memory stay within bounds.
 */

const random = seeded(2_026)
const pick = (most: number): number => Math.floor(random() * most)

const noise = (): Sharp =>
  sharp(
    Uint8Array.from({ length: 45 * 37 * 3 }, (_, i) => (i % 11) * 20 + pick(30)),
    { raw: { width: 45, height: 37, channels: 3 } },
  )

const originals: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  jpeg: () => noise().jpeg().toBuffer(),
  "progressive jpeg": () => noise().jpeg({ progressive: true }).toBuffer(),
  "cmyk jpeg": () => noise().toColourspace("cmyk").jpeg().toBuffer(),
  "jpeg with restart markers": async () => rareJpeg("4:2:2 with restart markers"),
  "jpeg of three scans": async () => rareJpeg("each color in a scan of its own"),
  "color png": () => noise().png().toBuffer(),
  "interlaced png": () => noise().png({ progressive: true }).toBuffer(),
  "palette png": () => noise().png({ palette: true, colours: 16 }).toBuffer(),
  "16 bit png": () => noise().toColourspace("rgb16").png().toBuffer(),
}

/** Changes, removes, repeats or inserts some bytes behind the magic ones. */
const damage = (bytes: Uint8Array): Uint8Array => {
  const at = 8 + pick(bytes.length - 8)
  const length = 1 + pick(12)
  switch (pick(5)) {
    case 0:
      return bytes.slice(0, at)
    case 1:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)])
    case 2:
      return Uint8Array.from([...bytes.subarray(0, at + length), ...bytes.subarray(at)])
    default: {
      const changed = bytes.slice()
      for (let i = 0; i < length; i += 3) changed[8 + pick(bytes.length - 8)] = pick(256)
      return changed
    }
  }
}

/** Makes the checksums of a damaged PNG right again, since nothing behind them would be reached otherwise. */
const mendChecksums = (bytes: Uint8Array): Uint8Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at)
    if (end + 4 > bytes.length) break
    view.setInt32(end, crc32(bytes.subarray(at + 4, end)))
    at = end + 4
  }
  return bytes
}

type Outcome = "picture" | "corrupt" | "refused by its header"

const read = (bytes: Uint8Array): Outcome => {
  const header = parseHeader(bytes)
  if (header === undefined || "fault" in header || !isReadable(header)) return "refused by its header"
  const pixels = header.widthPx * header.heightPx
  // The limits refuse these before a reader sees them; here they would only cost time.
  if (pixels > 100_000) return "refused by its header"
  const target = turnedSize(
    { widthPx: (header.widthPx + 1) >> 1, heightPx: (header.heightPx + 1) >> 1 },
    header.orientation,
  )
  const memory = createMemory()
  let predicted = Number.POSITIVE_INFINITY
  let done = 0
  try {
    predicted = predictReaderBytes(
      bytes,
      header,
      header.orientation >= 5 ? { widthPx: target.heightPx, heightPx: target.widthPx } : target,
    )
    const upright = header.orientation >= 5 ? { widthPx: target.heightPx, heightPx: target.widthPx } : target
    for (const step of readPicture({ bytes, header, target: upright, memory })) done += step
    return "picture"
  } catch (error) {
    if (!(error instanceof CorruptImage)) throw error
    return "corrupt"
  } finally {
    expect(memory.peakBytes()).toBeLessThanOrEqual(predicted)
    // A hundred scans of whole MCUs of the largest kind.
    expect(done).toBeLessThan((pixels + 1_024 * (header.widthPx + header.heightPx)) * 400)
  }
}

describe("damaged pictures", () => {
  test.each(Object.keys(originals))("1,500 of a %s are read or called corrupt", { timeout: 60_000 }, async (kind) => {
    const original = new Uint8Array((await originals[kind]?.()) ?? [])
    expect(read(original)).toBe("picture")
    const outcomes: Record<Outcome, number> = { picture: 0, corrupt: 0, "refused by its header": 0 }
    for (let i = 0; i < 1_500; i++) {
      const damaged = damage(original)
      outcomes[read(kind.endsWith("png") ? mendChecksums(damaged) : damaged)]++
    }
    // The damage has to reach deep, and has to be seen.
    expect(outcomes.corrupt).toBeGreaterThan(300)
    expect(outcomes.picture).toBeGreaterThan(20)
  })
})
