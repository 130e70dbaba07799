import type { ColorCounts } from "./color-counts.ts"

export type Color = readonly [red: number, green: number, blue: number]

export interface Palette {
  readonly colors: readonly Color[]
  /** Which color of the palette stands for each cell. */
  readonly ofCell: Uint8Array
}

const refinements = 4

/**
 * The few colors that are nearest to all: the group of colors with the largest error is cut at its mean, along the channel
 * in which it spreads most, until there are enough groups (after Wan, Wong and Prusinkiewicz, 1988); then each color joins
 * the nearest mean, a few times over (k-means).
 */
export const choosePalette = (counted: ColorCounts, most: number): Palette => {
  const groups = [group(counted, [...counted.used])]
  while (groups.length < most) {
    const worst = groups.reduce((largest, { error }, i) => (error > groups[largest]!.error ? i : largest), 0)
    const halves = cut(counted, groups[worst]!)
    if (halves === undefined) break
    groups.splice(worst, 1, ...halves)
  }
  const ofCell = new Uint8Array(counted.counts.length)
  let means = groups.map(({ mean }) => mean)
  for (let i = 0; i < refinements; i++) means = refine(counted, means, ofCell)
  assign(counted, means, ofCell)
  return { colors: means.map(([red, green, blue]) => [Math.round(red), Math.round(green), Math.round(blue)]), ofCell }
}

interface Group {
  readonly cells: readonly number[]
  readonly mean: Color
  /** Sum of squared distances from the mean, and the channel that adds most to it. */
  readonly error: number
  readonly widest: 0 | 1 | 2
}

const colorOf = ({ counts, sums }: ColorCounts, cell: number): Color => {
  const count = counts[cell]!
  return [sums[cell * 3]! / count, sums[cell * 3 + 1]! / count, sums[cell * 3 + 2]! / count]
}

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

const meanOf = ({ counts, sums }: ColorCounts, cells: readonly number[]): Color => {
  let [count, red, green, blue] = [0, 0, 0, 0]
  for (const cell of cells) {
    count += counts[cell]!
    red += sums[cell * 3]!
    green += sums[cell * 3 + 1]!
    blue += sums[cell * 3 + 2]!
  }
  return [red / count, green / count, blue / count]
}

/** `undefined` when all its colors are the same. */
const cut = (counted: ColorCounts, { cells, mean, widest }: Group): readonly [Group, Group] | undefined => {
  const low = cells.filter((cell) => colorOf(counted, cell)[widest] <= mean[widest])
  const high = cells.filter((cell) => colorOf(counted, cell)[widest] > mean[widest])
  return low.length === 0 || high.length === 0 ? undefined : [group(counted, low), group(counted, high)]
}

const refine = (counted: ColorCounts, means: readonly Color[], ofCell: Uint8Array): Color[] => {
  assign(counted, means, ofCell)
  const members = means.map((): number[] => [])
  for (const cell of counted.used) members[ofCell[cell]!]!.push(cell)
  return means.map((mean, i) => (members[i]!.length === 0 ? mean : meanOf(counted, members[i]!)))
}

const assign = (counted: ColorCounts, means: readonly Color[], ofCell: Uint8Array): void => {
  for (const cell of counted.used) {
    const [red, green, blue] = colorOf(counted, cell)
    let nearest = 0
    let smallest = Number.POSITIVE_INFINITY
    for (const [i, mean] of means.entries()) {
      const distance = (red - mean[0]) ** 2 + (green - mean[1]) ** 2 + (blue - mean[2]) ** 2
      if (distance >= smallest) continue
      smallest = distance
      nearest = i
    }
    ofCell[cell] = nearest
  }
}
