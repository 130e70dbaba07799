import sharp from "sharp"
import type { Sharp } from "sharp"
import { expect, test } from "vitest"
import { createSharpReader } from "../../runtime/deno/sharp-reader.ts"
import { receiveImage } from "../limits.ts"
import { readFingerprint } from "./fingerprint.ts"
import type { Fingerprint } from "./fingerprint.ts"
import { hashDistance } from "./pdq.ts"

const size = { width: 120, height: 80 }
const drawn = sharp(
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80"><rect width="120" height="80" fill="#fff"/><path d="M10 10H90V60M20 30h40" stroke="#123" stroke-width="5" fill="none"/></svg>`,
  ),
).removeAlpha()

const of = async (picture: Sharp): Promise<Fingerprint> => {
  const image = receiveImage(0, new Uint8Array(await picture.toBuffer()))
  const fingerprint = await readFingerprint(image, createSharpReader())
  if (fingerprint === undefined) throw new Error("It cannot be read.")
  return fingerprint
}

test("is the same for the same pixels in another file: another format, a palette, rotated by EXIF, with alpha that hides nothing", async () => {
  const { pixelHash } = await of(drawn.clone().png())
  const lying = sharp(await drawn.clone().rotate(270).png().toBuffer()).withMetadata({ orientation: 6 })
  const copies = [
    drawn.clone().webp({ lossless: true }),
    drawn.clone().png({ compressionLevel: 0, adaptiveFiltering: true }),
    drawn.clone().ensureAlpha().png(),
    lying.png(),
  ]
  for (const copy of copies) expect((await of(copy)).pixelHash).toBe(pixelHash)
  expect(pixelHash).toMatch(/^sharp:[0-9a-f]{64}$/)
})

test("is another for a picture with one pixel changed by one level, and for the same pixels in another shape", async () => {
  const { data } = await drawn.clone().raw().toBuffer({ resolveWithObject: true })
  const raw = (bytes: Uint8Array, width: number, height: number): Sharp =>
    sharp(bytes, { raw: { width, height, channels: 3 } }).png()
  const original = await of(raw(data, size.width, size.height))
  const changed = Uint8Array.from(data)
  changed[5_000] = (changed[5_000] ?? 0) ^ 1
  expect((await of(raw(changed, size.width, size.height))).pixelHash).not.toBe(original.pixelHash)
  expect((await of(raw(data, size.height, size.width))).pixelHash).not.toBe(original.pixelHash)
})

test("has a look that a JPEG of it shares, with a size that is upright", async () => {
  const original = await of(drawn.clone().png())
  const jpeg = await of(drawn.clone().jpeg({ quality: 60 }))
  expect(jpeg.pixelHash).not.toBe(original.pixelHash)
  expect(hashDistance(original.hash, jpeg.hash)).toBeLessThanOrEqual(10)
  expect(jpeg.size).toEqual({ widthPx: 120, heightPx: 80 })
})

test("is missing for what the host cannot read, and has no pixel hash where the host can only read it smaller", async () => {
  const image = receiveImage(0, new Uint8Array(await drawn.clone().png().toBuffer()))
  const reader = createSharpReader()
  expect(await readFingerprint(image, { ...reader, canRead: () => false })).toBeUndefined()
  const small = await readFingerprint(image, { ...reader, canRead: (_, target) => target.widthPx < 120 })
  expect(small).toMatchObject({ grey: { widthPx: 75, heightPx: 50 } })
  expect(small).not.toHaveProperty("pixelHash")
})
