import { readFile } from "node:fs/promises"
import sharp from "sharp"
import { beforeAll, describe, expect, test } from "vitest"
import { checkSamples, makeSamples, type Gallery, type ReadSampleFile } from "./make-samples.ts"
import { differenceBetween } from "./samples-source/compare-pictures.ts"
import { drawPanelSchedule } from "./samples-source/panel-schedule.ts"
import { asSharp, decode, drawSvg, toGray, type Raster } from "./samples-source/raster.ts"
import { textWidthPx } from "./samples-source/stroke-font.ts"
import { drawWiringDiagram } from "./samples-source/wiring-diagram.ts"
import { facts, sample, sampleNames, type Label } from "./samples.ts"

const makingMs = 120_000

interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

const boxOf = ({ leftPx, topPx, widthPx, heightPx }: Label, marginPx = 0): Box => ({
  left: Math.floor(leftPx - marginPx),
  top: Math.floor(topPx - marginPx),
  right: Math.ceil(leftPx + widthPx + marginPx),
  bottom: Math.ceil(topPx + heightPx + marginPx),
})

/** The darkest and the lightest value of a gray picture within a box. */
const range = ({ data, widthPx }: Raster, { left, top, right, bottom }: Box) => {
  let [darkest, lightest] = [255, 0]
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const value = data[y * widthPx + x] ?? Number.NaN
      darkest = Math.min(darkest, value)
      lightest = Math.max(lightest, value)
    }
  }
  return { darkest, lightest }
}

const middle = ({ leftPx, topPx, widthPx, heightPx }: Label) => ({ x: leftPx + widthPx / 2, y: topPx + heightPx / 2 })

const distance = (one: Label, other: Label) =>
  Math.hypot(middle(one).x - middle(other).x, middle(one).y - middle(other).y)

describe.each(sampleNames)("%s", (name) => {
  const { labels, breakers, ...told } = facts[name]

  test("is what its facts say: format, upright size, orientation, alpha, channels", async () => {
    const { format, autoOrient, orientation, hasAlpha, channels } = await sharp(await sample(name)).metadata()

    expect({ format, ...autoOrient, orientation: orientation ?? 1, hasAlpha, channels }).toEqual({
      format: told.format,
      width: told.widthPx,
      height: told.heightPx,
      orientation: told.orientation,
      hasAlpha: told.hasAlpha,
      channels: told.channels,
    })
  })

  test("stays small enough to check in", async () => {
    expect((await sample(name)).length).toBeLessThanOrEqual(400_000)
  })

  test("has all its labels inside, and none over another", () => {
    const boxes = labels.map((label) => ({ text: label.text, ...boxOf(label) }))

    const outside = boxes.filter(
      ({ left, top, right, bottom }) => left < 0 || top < 0 || right > told.widthPx || bottom > told.heightPx,
    )
    const overlapping = boxes.filter((one, index) =>
      boxes
        .slice(index + 1)
        .some(
          (other) =>
            one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom,
        ),
    )
    expect(boxes).not.toEqual([])
    expect({ outside, overlapping }).toEqual({ outside: [], overlapping: [] })
  })

  test("shows ink on its ground wherever a label is said to be", async () => {
    const upright = await sharp(await sample(name))
      .autoOrient()
      .flatten({ background: "#ffffff" })
      .png()
      .toBuffer()
    const gray = await toGray(await decode(upright))

    const unseen = labels.filter((label) => {
      const { darkest, lightest } = range(gray, boxOf(label, 2))
      return !(lightest - darkest >= 70)
    })
    expect(unseen).toEqual([])
  })

  test("has beside each breaker the rating that its facts give", () => {
    const ratings = labels.filter(({ kind }) => kind === "rating")
    const found = labels
      .filter(({ kind }) => kind === "breaker")
      .map((label) => {
        const nearest = ratings.toSorted((one, other) => distance(label, one) - distance(label, other))[0]
        return { name: label.text, rating: nearest?.text }
      })

    expect(found).toEqual(breakers.map(({ name: breaker, rating }) => ({ name: breaker, rating })))
  })
})

test("the samples together stay under 1.2 MB", async () => {
  const sizes = await Promise.all(sampleNames.map(async (name) => (await sample(name)).length))

  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(1_200_000)
})

test.each([
  ["wiring diagram", drawWiringDiagram],
  ["panel schedule", drawPanelSchedule],
])("no label of the %s touches a line", async (_, draw) => {
  const sheet = draw()
  const lines = await toGray(await drawSvg(sheet.document({ background: "#ffffff", withText: false })))

  const touching = sheet.labels.filter((label) => {
    const { darkest, lightest } = range(lines, boxOf(label, 2))
    return lightest - darkest > 4
  })
  expect(touching).toEqual([])
})

describe("the check", () => {
  let gallery: Gallery
  beforeAll(async () => {
    gallery = await makeSamples()
  }, makingMs)

  const onDisk: ReadSampleFile = (name) => readFile(new URL(`samples/${name}`, import.meta.url))
  const withFile =
    (changed: string, bytes: Uint8Array): ReadSampleFile =>
    (name) =>
      name === changed ? Promise.resolve(bytes) : onDisk(name)

  test(
    "finds nothing where all is as the source draws it",
    async () => {
      expect(await checkSamples(gallery)).toEqual([])
    },
    makingMs,
  )

  test(
    "notices one changed pixel, and says in which picture and where",
    async () => {
      const picture = await decode(await onDisk("wiring-diagram.png"))
      const data = Uint8Array.from(picture.data)
      data.fill(0, (804 * picture.widthPx + 1213) * 3, (804 * picture.widthPx + 1213) * 3 + 3)
      const changed = await asSharp({ ...picture, data })
        .png()
        .toBuffer()

      const problems = await checkSamples(gallery, withFile("wiring-diagram.png", changed))

      expect(problems).toEqual([
        "dev/samples/wiring-diagram.png differs by 4.0 grey levels in the 8 x 8 pixels at (1208, 800) (allowed: 3).",
      ])
    },
    makingMs,
  )

  test(
    "notices another size, a broken file and a missing one",
    async () => {
      const small = await sharp(await onDisk("panel-schedule.png"))
        .resize(800)
        .png()
        .toBuffer()
      const read: ReadSampleFile = (name) => {
        if (name === "panel-schedule.png") return Promise.resolve(small)
        if (name === "nameplate.webp") return Promise.resolve(new Uint8Array([1, 2, 3]))
        if (name === "scanned-page.jpg") return Promise.reject(new Error("ENOENT: no such file"))
        return onDisk(name)
      }

      const problems = await checkSamples(gallery, read)

      expect(problems).toEqual([
        "dev/samples/panel-schedule.png is 800 x 550 with 3 channels, but should be 1600 x 1100 with 3 channels.",
        "dev/samples/scanned-page.jpg cannot be read: ENOENT: no such file",
        expect.stringContaining("dev/samples/nameplate.webp cannot be read: "),
      ])
    },
    makingMs,
  )

  test(
    "notices a changed fact, and says in which line",
    async () => {
      const text = new TextDecoder().decode(await onDisk("facts.json"))
      const changed = text.replace('"rating":"D20"', '"rating":"D25"')
      const line = text.slice(0, text.indexOf('"rating":"D20"')).split("\n").length

      const problems = await checkSamples(gallery, withFile("facts.json", new TextEncoder().encode(changed)))

      expect(problems).toEqual([`dev/samples/facts.json says something else from line ${line} on.`])
    },
    makingMs,
  )
})

describe("two pictures", () => {
  const flat = (value: (pixel: number) => number, channels = 1): Raster => ({
    data: Uint8Array.from({ length: 32 * 32 * channels }, (_, at) => value(at)),
    widthPx: 32,
    heightPx: 32,
    channels,
  })

  test("are the same when every pixel is rounded one level otherwise", () => {
    expect(
      differenceBetween(
        flat(() => 100),
        flat((pixel) => 99 + 2 * (pixel % 2)),
      ),
    ).toBeUndefined()
  })

  test("are not the same when one is two levels lighter throughout", () => {
    expect(
      differenceBetween(
        flat(() => 100),
        flat(() => 102),
      ),
    ).toBe("differs by 2.00 grey levels on average (allowed: 1)")
  })

  test("may have any color where they are transparent", () => {
    const clear = (color: number) => flat((at) => (at % 4 === 3 ? 0 : color), 4)

    expect(differenceBetween(clear(0), clear(255))).toBeUndefined()
  })
})

test("a character without a glyph is refused with a hint where to draw it", () => {
  expect(() => textWidthPx("Ω5", 10)).toThrow(
    'The stroke font has no glyph for "Ω" in "Ω5". Draw one in dev/samples-source/stroke-font.ts.',
  )
})
