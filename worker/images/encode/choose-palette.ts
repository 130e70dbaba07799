import type { ColorCounts } from "./color-counts.ts"

/** Red, green and blue, from 0 to 255. */
export type Color = readonly [number, number, number]

export interface Palette {
  readonly colors: readonly Color[]
  /** Which color of the palette stands for each cell. */
  readonly ofCell: Uint8Array
}

const refinements = 4
/** Squared error a pixel, in these terms, below which more colors cost bytes and let nothing more be read (`npm run bench -- pictures`). */
const enough = 18

/**
 * The few colors that are nearest to all: the group of colors with the largest error is cut at its mean, along the channel
 * in which it spreads most, until there are enough groups (after Wan, Wong and Prusinkiewicz, 1988); then each color joins
 * the nearest mean, a few times over (k-means).
 */
export const choosePalette = (counted: ColorCounts, most: number): Palette => {
  const groups = [group(counted, [...counted.used])]
  // What has few colors to begin with keeps them all.
  const tolerated = counted.used.length <= most ? 0 : enough
  while (groups.length < most && errorOf(counted, groups) > tolerated) {
    const worst = groups.reduce((largest, { error }, i) => (error > groups[largest]!.error ? i : largest), 0)
    const halves = cut(counted, groups[worst]!)
    if (halves === undefined) break
    groups.splice(worst, 1, ...halves)
  }
  const ofCell = new Uint8Array(counted.counts.length)
  let means = groups.map(({ mean }) => mean)
  for (let i = 0; i < refinements; i++) means = refine(counted, means, ofCell)
  assign(counted, means, ofCell)
  return { colors: means.map(toRgb), ofCell }
}

const errorOf = ({ counts, used }: ColorCounts, groups: readonly Group[]): number => {
  const pixels = used.reduce((sum, cell) => sum + counts[cell]!, 0)
  return groups.reduce((sum, { error }) => sum + error, 0) / pixels
}

/**
 * A color as light, and how far blue and red lie from that, three times as large as they are: an edge of a letter may become a
 * shade lighter, but a green wire must not become gray, and a thin one has few pixels to speak for it.
 */
type Seen = readonly [light: number, toBlue: number, toRed: number]
const hueWeight = 3

interface Group {
  readonly cells: readonly number[]
  readonly mean: Seen
  /** Sum of squared distances from the mean, and the channel that adds most to it. */
  readonly error: number
  readonly widest: 0 | 1 | 2
}

const colorOf = (counted: ColorCounts, cell: number): Seen => meanOf(counted, [cell])

const meanOf = ({ counts, sums }: ColorCounts, cells: readonly number[]): Seen => {
  let [count, red, green, blue] = [0, 0, 0, 0]
  for (const cell of cells) {
    count += counts[cell]!
    red += sums[cell * 3]!
    green += sums[cell * 3 + 1]!
    blue += sums[cell * 3 + 2]!
  }
  const light = (0.299 * red + 0.587 * green + 0.114 * blue) / count
  return [light, (blue / count - light) * hueWeight, (red / count - light) * hueWeight]
}

const toRgb = ([light, toBlue, toRed]: Seen): Color => {
  const blue = light + toBlue / hueWeight
  const red = light + toRed / hueWeight
  const green = (light - 0.299 * red - 0.114 * blue) / 0.587
  return [toByte(red), toByte(green), toByte(blue)]
}

const toByte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)))

const group = (counted: ColorCounts, cells: readonly number[]): Group => {
  const mean = meanOf(counted, cells)
  const errors: [number, number, number] = [0, 0, 0]
  for (const cell of cells) {
    const color = colorOf(counted, cell)
    const count = counted.counts[cell]!
    for (const channel of [0, 1, 2] as const) errors[channel] += count * (color[channel] - mean[channel]) ** 2
  }
  const largest = Math.max(...errors)
  const widest = largest === errors[0] ? 0 : largest === errors[1] ? 1 : 2
  return { cells, mean, error: errors[0] + errors[1] + errors[2], widest }
}

/** `undefined` when all its colors are the same. */
const cut = (counted: ColorCounts, { cells, mean, widest }: Group): readonly [Group, Group] | undefined => {
  const low = cells.filter((cell) => colorOf(counted, cell)[widest] <= mean[widest])
  const high = cells.filter((cell) => colorOf(counted, cell)[widest] > mean[widest])
  return low.length === 0 || high.length === 0 ? undefined : [group(counted, low), group(counted, high)]
}

const refine = (counted: ColorCounts, means: readonly Seen[], ofCell: Uint8Array): Seen[] => {
  assign(counted, means, ofCell)
  const members = means.map((): number[] => [])
  for (const cell of counted.used) members[ofCell[cell]!]!.push(cell)
  return means.map((mean, i) => (members[i]!.length === 0 ? mean : meanOf(counted, members[i]!)))
}

const assign = (counted: ColorCounts, means: readonly Seen[], ofCell: Uint8Array): void => {
  for (const cell of counted.used) {
    const color = colorOf(counted, cell)
    let nearest = 0
    let smallest = Number.POSITIVE_INFINITY
    for (const [i, mean] of means.entries()) {
      const distance = (color[0] - mean[0]) ** 2 + (color[1] - mean[1]) ** 2 + (color[2] - mean[2]) ** 2
      if (distance >= smallest) continue
      smallest = distance
      nearest = i
    }
    ofCell[cell] = nearest
  }
}
