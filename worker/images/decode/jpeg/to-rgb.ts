import { print } from "./print-inks.ts"
import type { Tables } from "./segments.ts"

/** Writes one row: `colors` has a row of samples per component, `row` room for three bytes a pixel (gray: one). */
export type ToRgb = (colors: readonly Uint8Array[], row: Uint8ClampedArray) => void

/** What the components of a picture mean (JFIF 1.02; Adobe Technical Note 5116, section 18). */
export const toRgbFor = ({ frame, adobeTransform, hasJfif }: Tables): ToRgb => {
  const components = frame?.components ?? []
  if (components.length === 1) return gray
  if (components.length === 4) {
    // Adobe stores ink inverted: 255 is none.
    if (adobeTransform === 2) return ycck
    return adobeTransform === undefined ? cmyk : invertedCmyk
  }
  if (adobeTransform !== undefined) return adobeTransform === 0 ? rgb : ycc
  const letters = String.fromCharCode(...components.map(({ id }) => id))
  return letters === "RGB" && !hasJfif ? rgb : ycc
}

const gray: ToRgb = ([light], row) => row.set(light!)

const rgb: ToRgb = ([red, green, blue], row) => {
  for (let x = 0, to = 0; to < row.length; x++, to += 3) {
    row[to] = red![x]!
    row[to + 1] = green![x]!
    row[to + 2] = blue![x]!
  }
}

const ycc: ToRgb = ([luma, blueness, redness], row) => {
  for (let x = 0, to = 0; to < row.length; x++, to += 3) {
    const y = luma![x]!
    const cb = blueness![x]! - 128
    const cr = redness![x]! - 128
    row[to] = y + 1.402 * cr
    row[to + 1] = y - 0.344136 * cb - 0.714136 * cr
    row[to + 2] = y + 1.772 * cb
  }
}

/** YCbCr of the light that the inks leave: 255 is no ink. */
const ycck: ToRgb = (colors, row) => {
  ycc(colors, row)
  printLeftOver(colors[3]!, row)
}

const invertedCmyk: ToRgb = (colors, row) => {
  rgb(colors, row)
  printLeftOver(colors[3]!, row)
}

const printLeftOver = (black: Uint8Array, row: Uint8ClampedArray): void => {
  for (let x = 0, to = 0; to < row.length; x++, to += 3) {
    print(row, to, 1 - row[to]! / 255, 1 - row[to + 1]! / 255, 1 - row[to + 2]! / 255, 1 - black[x]! / 255)
  }
}

const cmyk: ToRgb = ([cyan, magenta, yellow, black], row) => {
  for (let x = 0, to = 0; to < row.length; x++, to += 3) {
    print(row, to, cyan![x]! / 255, magenta![x]! / 255, yellow![x]! / 255, black![x]! / 255)
  }
}
