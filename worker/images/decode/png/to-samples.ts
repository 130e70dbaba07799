import { CorruptImage } from "../../../ports/image-engine.ts"
import type { PngFormat } from "./png-format.ts"
import { color, colorAlpha, gray, grayAlpha, indexed } from "./png-format.ts"

/** Makes 8-bit samples of a row of `widthPx` stored pixels, on white where they are transparent. */
export interface ToSamples {
  readonly channels: 1 | 3
  /** Writes into `samples`; `undefined` where stored rows already are what is wanted. */
  readonly convert: ((row: Uint8Array, samples: Uint8Array, widthPx: number) => void) | undefined
}

export const toSamplesFor = (format: PngFormat): ToSamples => {
  const { colorType, bitDepth, transparency } = format
  switch (colorType) {
    case indexed:
      return fromTable(bitDepth, paletteTable(format))
    case gray:
      if (bitDepth === 16) return { channels: 1, convert: deepGray(keyOf(transparency, 1)) }
      if (bitDepth === 8 && transparency === undefined) return { channels: 1, convert: undefined }
      return fromTable(bitDepth, grayTable(bitDepth, keyOf(transparency, 1)))
    case color:
      if (bitDepth === 8 && transparency === undefined) return { channels: 3, convert: undefined }
      return { channels: 3, convert: keyedColor(bitDepth / 8, keyOf(transparency, 3)) }
    case grayAlpha:
      return { channels: 1, convert: bitDepth === 8 ? flattenGray : flattenDeepGray }
    case colorAlpha:
      return { channels: 3, convert: bitDepth === 8 ? flattenColor : flattenDeepColor }
  }
}

/** Rounded x / 255 for products of two bytes. */
const divideBy255 = (product: number): number => ((product + 128) * 257) >> 16

const onWhite = (value: number, alpha: number): number => 255 + divideBy255((value - 255) * alpha + 65_025) - 255

/** What each possible pixel value looks like: three bytes an entry, or one where all are gray. */
interface Table {
  readonly channels: 1 | 3
  readonly values: Uint8Array
}

const paletteTable = ({ palette, transparency }: PngFormat): Table => {
  if (palette.length < 3) throw new CorruptImage("Its palette is missing.")
  const values = Uint8Array.from({ length: 768 }, (_, i) =>
    onWhite(palette[i] ?? 0, transparency?.[Math.floor(i / 3)] ?? 255),
  )
  const isGray = values.every((value, i) => value === values[i - (i % 3)])
  return isGray ? { channels: 1, values: values.filter((_, i) => i % 3 === 0) } : { channels: 3, values }
}

const grayTable = (bitDepth: number, key: readonly number[] | undefined): Table => {
  const largest = (1 << bitDepth) - 1
  const values = Uint8Array.from({ length: 256 }, (_, value) =>
    value === key?.[0] ? 255 : Math.round((Math.min(value, largest) * 255) / largest),
  )
  return { channels: 1, values }
}

/** The gray or color that counts as transparent. */
const keyOf = (transparency: Uint8Array | undefined, samples: number): readonly number[] | undefined =>
  transparency === undefined || transparency.length < samples * 2
    ? undefined
    : Array.from({ length: samples }, (_, i) => (transparency[i * 2]! << 8) | transparency[i * 2 + 1]!)

const fromTable = (bitDepth: number, { channels, values }: Table): ToSamples => {
  const perByte = 8 / bitDepth
  const mask = (1 << bitDepth) - 1
  const shift = Math.log2(perByte)
  const indexAt = (row: Uint8Array, x: number): number =>
    (row[x >> shift]! >> (8 - bitDepth - (x & (perByte - 1)) * bitDepth)) & mask
  return {
    channels,
    convert:
      channels === 1
        ? (row, samples, widthPx) => {
            for (let x = 0; x < widthPx; x++) samples[x] = values[indexAt(row, x)]!
          }
        : (row, samples, widthPx) => {
            for (let x = 0, to = 0; x < widthPx; x++, to += 3) {
              const from = indexAt(row, x) * 3
              samples[to] = values[from]!
              samples[to + 1] = values[from + 1]!
              samples[to + 2] = values[from + 2]!
            }
          },
  }
}

const deepGray =
  (key: readonly number[] | undefined): ToSamples["convert"] =>
  (row, samples, widthPx) => {
    for (let x = 0; x < widthPx; x++) {
      const isKey = key !== undefined && ((row[x * 2]! << 8) | row[x * 2 + 1]!) === key[0]
      samples[x] = isKey ? 255 : row[x * 2]!
    }
  }

const keyedColor =
  (sampleBytes: number, key: readonly number[] | undefined): ToSamples["convert"] =>
  (row, samples, widthPx) => {
    const read = (at: number): number => (sampleBytes === 1 ? row[at]! : (row[at]! << 8) | row[at + 1]!)
    for (let x = 0, to = 0, from = 0; x < widthPx; x++, to += 3, from += 3 * sampleBytes) {
      const isKey =
        key !== undefined &&
        read(from) === key[0] &&
        read(from + sampleBytes) === key[1] &&
        read(from + 2 * sampleBytes) === key[2]
      samples[to] = isKey ? 255 : row[from]!
      samples[to + 1] = isKey ? 255 : row[from + sampleBytes]!
      samples[to + 2] = isKey ? 255 : row[from + 2 * sampleBytes]!
    }
  }

const flattenGray = (row: Uint8Array, samples: Uint8Array, widthPx: number): void => {
  for (let x = 0; x < widthPx; x++) samples[x] = onWhite(row[x * 2]!, row[x * 2 + 1]!)
}

const flattenDeepGray = (row: Uint8Array, samples: Uint8Array, widthPx: number): void => {
  for (let x = 0; x < widthPx; x++) samples[x] = onWhite(row[x * 4]!, row[x * 4 + 2]!)
}

const flattenColor = (row: Uint8Array, samples: Uint8Array, widthPx: number): void => {
  for (let x = 0, to = 0, from = 0; x < widthPx; x++, to += 3, from += 4) {
    const alpha = row[from + 3]!
    if (alpha === 255) {
      samples[to] = row[from]!
      samples[to + 1] = row[from + 1]!
      samples[to + 2] = row[from + 2]!
    } else {
      samples[to] = onWhite(row[from]!, alpha)
      samples[to + 1] = onWhite(row[from + 1]!, alpha)
      samples[to + 2] = onWhite(row[from + 2]!, alpha)
    }
  }
}

const flattenDeepColor = (row: Uint8Array, samples: Uint8Array, widthPx: number): void => {
  for (let x = 0, to = 0, from = 0; x < widthPx; x++, to += 3, from += 8) {
    const alpha = row[from + 6]!
    samples[to] = onWhite(row[from]!, alpha)
    samples[to + 1] = onWhite(row[from + 2]!, alpha)
    samples[to + 2] = onWhite(row[from + 4]!, alpha)
  }
}
