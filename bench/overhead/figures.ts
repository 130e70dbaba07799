import { formatNumber, formatTable, row } from "../report.ts"
import type { Bounds, Row } from "../report.ts"
import type { Timings } from "./load.ts"
import type { Payload, VariantName } from "./variants.ts"

export interface Cell {
  readonly payload: Payload
  readonly connections: number
}

export interface Figure {
  /** User and system time of the whole workerd process for a request, in microseconds. */
  readonly cpuUs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly firstByteMs: number
  readonly requestsPerS: number
  /** The share of answers that were what the variant's name says. */
  readonly asNamed: number
}

/** What one variant did in one round. */
export interface Measured {
  readonly cell: Cell
  readonly variant: VariantName
  readonly figure: Figure
}

/** The rounds of one variant taken together. */
export interface Combined extends Measured {
  /** CPU in times of the raw proxy's in the same round; absent where the two do different work. */
  readonly ratio: number
  /** How much later than the raw proxy's the first byte comes, in milliseconds. */
  readonly firstByteAddedMs: number
}

export const toFigure = ({ wholeMs, firstByteMs, asNamed, elapsedS }: Timings, cpuS: number): Figure => ({
  cpuUs: (cpuS * 1_000_000) / wholeMs.length,
  p50Ms: percentile(wholeMs, 50),
  p99Ms: percentile(wholeMs, 99),
  firstByteMs: percentile(firstByteMs, 50),
  requestsPerS: wholeMs.length / elapsedS,
  asNamed: asNamed / wholeMs.length,
})

/** Medians over the rounds; what is said of two variants is computed within each round first. */
export const combine = (rounds: readonly (readonly Measured[])[]): readonly Combined[] =>
  (rounds[0] ?? []).map(({ cell, variant }) => {
    const pairs = rounds.map((round) => ({
      figure: figureOf(round, cell, variant),
      raw: figureOf(round, cell, "raw proxy"),
    }))
    const over = (value: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(value))
    return {
      cell,
      variant,
      figure: {
        cpuUs: over(({ figure }) => figure.cpuUs),
        p50Ms: over(({ figure }) => figure.p50Ms),
        p99Ms: over(({ figure }) => figure.p99Ms),
        firstByteMs: over(({ figure }) => figure.firstByteMs),
        requestsPerS: over(({ figure }) => figure.requestsPerS),
        asNamed: over(({ figure }) => figure.asNamed),
      },
      ratio: over(({ figure, raw }) => figure.cpuUs / raw.cpuUs),
      firstByteAddedMs: over(({ figure, raw }) => figure.firstByteMs - raw.firstByteMs),
    }
  })

const figureOf = (round: readonly Measured[], { payload, connections }: Cell, variant: VariantName): Figure => {
  const found = round.find(
    (one) => one.variant === variant && one.cell.payload === payload && one.cell.connections === connections,
  )
  if (found === undefined) throw new Error(`${variant} was not measured with ${payload} at ${connections} connections.`)
  return found.figure
}

/** Of values in any order; between two, the lower. */
const percentile = (values: readonly number[], percent: number): number => {
  const sorted = Float64Array.from(values).toSorted()
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN
}

const median = (values: readonly number[]): number => percentile(values, 50)

/** The anchor is a known TypeScript gateway in the same workerd, against a bare pass-through there. */
const cpuBounds: Readonly<Partial<Record<string, Bounds>>> = {
  "pass-through, text, 32 connections": { anchor: 3, target: 1.5 },
  "pass-through, picture, 1 connection": { anchor: 4.8, target: 1.5 },
}
const firstByteBounds: Readonly<Partial<Record<string, Bounds>>> = {
  "pass-through, stream, 1 connection": { anchor: 27, target: 0.6 },
}

const nameOf = ({ cell, variant }: Pick<Measured, "cell" | "variant">): string =>
  `${variant}, ${cell.payload}, ${cell.connections} connection${cell.connections === 1 ? "" : "s"}`

/** Every figure, the comparisons first. */
export const toRows = (combined: readonly Combined[]): readonly Row[] => [
  ...combined
    .filter(({ variant }) => variant !== "raw proxy")
    .flatMap((one) => [
      row(`${nameOf(one)}: CPU`, one.ratio, "× raw", cpuBounds[nameOf(one)]),
      ...(one.cell.payload === "stream"
        ? [row(`${nameOf(one)}: first byte`, one.firstByteAddedMs, "ms later", firstByteBounds[nameOf(one)])]
        : []),
    ]),
  ...combined.flatMap((one) => [
    row(`${nameOf(one)}: CPU a request`, one.figure.cpuUs, "µs"),
    row(`${nameOf(one)}: p50`, one.figure.p50Ms, "ms"),
    row(`${nameOf(one)}: p99`, one.figure.p99Ms, "ms"),
    row(`${nameOf(one)}: p50 of the first byte`, one.figure.firstByteMs, "ms"),
    row(`${nameOf(one)}: rate`, one.figure.requestsPerS, "requests/s"),
    row(`${nameOf(one)}: as named`, one.figure.asNamed * 100, "%"),
  ]),
]

export const formatFigures = (combined: readonly Combined[]): string =>
  formatTable(
    ["", "CPU µs", "× raw", "p50 ms", "p99 ms", "first byte ms", "requests/s", "as named"],
    combined.map((one) => [
      nameOf(one),
      ...[one.figure.cpuUs, one.ratio, one.figure.p50Ms, one.figure.p99Ms, one.figure.firstByteMs].map(formatNumber),
      formatNumber(Math.round(one.figure.requestsPerS)),
      `${Math.floor(one.figure.asNamed * 100)} %`,
    ]),
  )
