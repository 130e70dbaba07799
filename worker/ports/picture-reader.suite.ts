import { describe, expect, test } from "vitest"
import { fromBase64 } from "../images/base64.ts"
import type { ReceivedImage, Size } from "../images/image.ts"
import { uprightSize } from "../images/image.ts"
import { receiveImage } from "../images/limits.ts"
import type { Raster } from "../images/raster.ts"
import { CorruptImage } from "./image-engine.ts"
import type { PictureReader } from "./picture-reader.ts"

/** What every picture reader promises. The pictures are 6 × 4 px: red, green above blue, white; alpha beside red. */
export const pictureReaderSuite = (name: string, make: () => PictureReader): void => {
  const whole = (image: ReceivedImage): Promise<Raster> => make().read(image, uprightSize(image.header))

  describe(`picture reader ${name}`, () => {
    test("gives every pixel of a whole picture, and its size", async () => {
      const raster = await whole(of("png"))
      expect(raster).toMatchObject({ widthPx: 6, heightPx: 4, channels: 3 })
      expect(corners(raster)).toEqual(["255,0,0", "0,255,0", "0,0,255", "255,255,255"])
    })

    test.each([
      [1, "RGBW"],
      [2, "GRWB"],
      [3, "WBGR"],
      [4, "BWRG"],
      [5, "RBGW"],
      [6, "BRWG"],
      [7, "WGBR"],
      [8, "GWRB"],
    ] as const)("turns EXIF orientation %i upright", async (orientation, expected) => {
      const image = of("png")
      const raster = await whole({ ...image, header: { ...image.header, orientation } })
      const names: Readonly<Record<string, string>> = {
        "255,0,0": "R",
        "0,255,0": "G",
        "0,0,255": "B",
        "255,255,255": "W",
      }
      expect([raster.widthPx, raster.heightPx]).toEqual(orientation >= 5 ? [4, 6] : [6, 4])
      expect(
        corners(raster)
          .map((color) => names[color])
          .join(""),
      ).toBe(expected)
    })

    test("puts transparent pixels on white", async () => {
      expect(corners(await whole(of("alpha")))).toEqual(["255,255,255", "255,0,0", "255,255,255", "255,0,0"])
    })

    test.each(["png", "jpeg", "webp", "gif"] as const)("says that it can read a whole %s", (format) => {
      const image = { ...of("png"), header: { ...of("png").header, format } }
      expect(make().canRead(image, { widthPx: 6, heightPx: 4 })).toBe(true)
    })

    test("does not promise what the host's memory cannot hold", () => {
      const huge: Size = { widthPx: 12_000, heightPx: 12_000 }
      const image = { ...of("png"), header: { ...of("png").header, ...huge } }
      expect(make().canRead(image, huge)).toBe(false)
    })

    test("says that a picture is corrupt when it does not decode, or is not as large as its header says", async () => {
      const image = of("png")
      const cut = { ...image, bytes: image.bytes.slice(0, image.bytes.length - 30) }
      await expect(whole(cut)).rejects.toThrow(CorruptImage)
      const other = { ...image, header: { ...image.header, widthPx: 5 } }
      await expect(whole(other)).rejects.toThrow(CorruptImage)
    })
  })
}

/** Made once with sharp. */
const pictures = {
  png: "iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAIAAAAiZtkUAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAGElEQVQImWP4z8AAQVAKGSGxYEw4wCIEADpKI92LMw0CAAAAAElFTkSuQmCC",
  alpha:
    "iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAYAAACtBE5DAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAFUlEQVQImWNgQAL/GRj+wzCyOIUSAByAF+nSBSE3AAAAAElFTkSuQmCC",
} as const

const of = (name: keyof typeof pictures): ReceivedImage =>
  receiveImage(0, fromBase64(pictures[name]) ?? new Uint8Array())

const corners = ({ widthPx, heightPx, pixels }: Raster): readonly string[] =>
  [
    [0, 0],
    [widthPx - 1, 0],
    [0, heightPx - 1],
    [widthPx - 1, heightPx - 1],
  ].map(([x = 0, y = 0]) => pixels.subarray((y * widthPx + x) * 3, (y * widthPx + x) * 3 + 3).join())
