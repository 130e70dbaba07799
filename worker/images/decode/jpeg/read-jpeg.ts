import { CorruptImage } from "../../../ports/image-engine.ts"
import type { Size } from "../../image.ts"
import { checkSize } from "../check-size.ts"
import type { Memory } from "../../memory.ts"
import type { RowOptions, RowSink } from "../row-sink.ts"
import { readAcCoefficients } from "./baseline-block.ts"
import { BitReader } from "./bit-reader.ts"
import type { CoefficientStore } from "./coefficient-store.ts"
import { createCoefficientStore, keptPlaces, loadBlock } from "./coefficient-store.ts"
import type { Frame } from "./frame.ts"
import { extend } from "./huffman-table.ts"
import type { HuffmanTable } from "./huffman-table.ts"
import type { Plane } from "./plane.ts"
import { createPlane, setFactors, sideFor } from "./plane.ts"
import { readFirstAc, refineAc } from "./progressive-block.ts"
import { walkBlocks } from "./scan-blocks.ts"
import type { Scan, Tables } from "./segments.ts"
import { createTables, readToScan } from "./segments.ts"
import { toRgbFor } from "./to-rgb.ts"

/** No encoder makes more; each goes over the whole picture, however few bytes it has. */
const maxScans = 100

/**
 * Decodes a JPEG (baseline or progressive Huffman, 8 bits) to rows of the wanted size, top to bottom, as stored. Yields
 * the number of pixels done since the last time. Throws `CorruptImage`.
 */
export function* readJpeg(data: Uint8Array, { stored, target, memory, sink }: RowOptions): Generator<number> {
  const tables = createTables()
  const scan = readToScan(data, 2, tables)
  const { frame } = tables
  if (scan === undefined || frame === undefined) throw new CorruptImage("There is no picture in it.")
  checkSize(frame, stored)
  const planes = frame.components.map((component, i) => {
    const isChroma = frame.components.length > 1 && (i === 1 || i === 2)
    return createPlane({ frame, component, side: sideFor(frame, component, target, isChroma), target, memory })
  })
  const emitRows = rowsTo(sink, planes, toRgbFor(tables), target, memory)
  if (!frame.progressive && scan.components.length === frame.components.length) {
    for (const pixels of decodeStreaming(data, frame, scan, planes, tables)) {
      emitRows()
      yield pixels
    }
    return
  }
  const stores = planes.map((plane) => createCoefficientStore(plane, memory))
  yield* collectScans(data, scan, planes, stores, tables)
  for (let mcuRow = 0; mcuRow < frame.mcuRows; mcuRow++) {
    for (const [i, plane] of planes.entries()) renderStored(plane, stores[i]!, mcuRow)
    emitRows()
    yield frame.widthPx * 8 * frame.mostDown
  }
}

/** Mixes the colors of each row that all planes have. */
const rowsTo = (
  sink: RowSink,
  planes: readonly Plane[],
  toRgb: ReturnType<typeof toRgbFor>,
  target: Size,
  memory: Memory,
) => {
  const channels = planes.length === 1 ? 1 : 3
  const row = memory.allocate(Uint8ClampedArray, target.widthPx * channels)
  const colors: Uint8Array[] = []
  return (): void => {
    for (const plane of planes) plane.flush()
    for (;;) {
      while (colors.length < planes.length) {
        const color = planes[colors.length]!.takeRow()
        if (color === undefined) return
        colors.push(color)
      }
      toRgb(colors, row)
      sink(row)
      colors.length = 0
    }
  }
}

/** All colors in one scan: a row of MCUs is read, transformed and done with. */
function* decodeStreaming(
  data: Uint8Array,
  frame: Frame,
  scan: Scan,
  planes: readonly Plane[],
  tables: Tables,
): Generator<number> {
  const reader = new BitReader(data, scan.position)
  const parts = scan.components.map(({ index, dc, ac }) => ({
    plane: planes[index]!,
    dc: present(dc),
    ac: present(ac),
  }))
  for (const { plane } of parts) setFactors(plane, tables)
  const predictions = new Int32Array(parts.length)
  yield* walkBlocks({
    frame,
    scan,
    reader,
    restartInterval: tables.restartInterval,
    onRestart: () => predictions.fill(0),
    readBlock: (part, column, row) => {
      const { plane, dc, ac } = parts[part]!
      const { block, places, factors, component } = plane
      const mean = predictions[part]! + readDifference(reader, dc)
      predictions[part] = mean
      block[0] = mean * factors[0]!
      const behind = readAcCoefficients(reader, ac, block, places, factors, plane.needed)
      plane.render(column, row % component.down, behind === 1)
    },
  })
}

const readDifference = (reader: BitReader, table: HuffmanTable): number => {
  const sizeBits = reader.symbol(table)
  if (sizeBits === 0) return 0
  if (sizeBits > 15) throw new CorruptImage("A block's mean has more than 15 bits.")
  return extend(reader.bits(sizeBits), sizeBits)
}

const present = (table: HuffmanTable | undefined): HuffmanTable => {
  if (table === undefined) throw new CorruptImage("A Huffman table is missing.")
  return table
}

/** Several scans: their coefficients are gathered first. */
function* collectScans(
  data: Uint8Array,
  first: Scan,
  planes: readonly Plane[],
  stores: readonly CoefficientStore[],
  tables: Tables,
): Generator<number> {
  const seen = new Set<number>()
  let scans = 0
  for (let scan: Scan | undefined = first; scan !== undefined;) {
    if (++scans > maxScans) throw new CorruptImage(`It has more than ${maxScans} scans.`)
    for (const { index } of scan.components) {
      if (!seen.has(index)) setFactors(planes[index]!, tables)
      seen.add(index)
    }
    const reader = new BitReader(data, scan.position)
    yield* readScan(reader, scan, planes, stores, tables)
    scan = readToScan(data, reader.position, tables)
  }
  if (seen.size < planes.length) throw new CorruptImage("A color is missing.")
}

const readScan = (
  reader: BitReader,
  scan: Scan,
  planes: readonly Plane[],
  stores: readonly CoefficientStore[],
  tables: Tables,
): Generator<number> => {
  const predictions = new Int32Array(scan.components.length)
  const parts = scan.components.map(({ index, dc, ac }) => ({ plane: planes[index]!, store: stores[index]!, dc, ac }))
  for (const { store } of parts) store.endOfBandRun = 0
  const indexOf = (part: number, column: number, row: number): number =>
    row * parts[part]!.plane.component.blocksPerRow + column
  const walk = {
    frame: tables.frame!,
    scan,
    reader,
    restartInterval: tables.restartInterval,
    onRestart: () => {
      predictions.fill(0)
      for (const { store } of parts) store.endOfBandRun = 0
    },
  }
  if (scan.spectralStart > 0) {
    const { plane, store, ac } = parts[0]!
    const acScan = { reader, table: present(ac), scan, store, places: plane.places }
    const read = scan.high === 0 ? readFirstAc : refineAc
    return walkBlocks({ ...walk, readBlock: (part, column, row) => read(acScan, indexOf(part, column, row)) })
  }
  if (scan.high > 0) {
    return walkBlocks({
      ...walk,
      readBlock: (part, column, row) => {
        const { store } = parts[part]!
        const at = indexOf(part, column, row) * store.perBlock
        if (reader.bit() === 1) store.values[at] = store.values[at]! | (1 << scan.low)
      },
    })
  }
  const isSequential = tables.frame?.progressive !== true
  const block = new Int16Array(65)
  const ones = new Float32Array(64).fill(1)
  return walkBlocks({
    ...walk,
    readBlock: (part, column, row) => {
      const { plane, store, dc, ac } = parts[part]!
      const at = indexOf(part, column, row) * store.perBlock
      const mean = predictions[part]! + readDifference(reader, present(dc))
      predictions[part] = mean
      if (isSequential) {
        readAcCoefficients(reader, present(ac), block, plane.places, ones, plane.needed)
        store.values.set(block.subarray(0, store.perBlock), at)
        block.fill(0)
      }
      store.values[at] = mean << scan.low
    },
  })
}

const renderStored = (plane: Plane, store: CoefficientStore, mcuRow: number): void => {
  const { component } = plane
  const kept = keptPlaces(plane)
  for (let y = 0; y < component.down; y++) {
    const first = (mcuRow * component.down + y) * component.blocksPerRow
    for (let column = 0; column < component.blocksPerRow; column++) {
      const hasMore = loadBlock(store, plane, first + column, kept)
      plane.render(column, y, !hasMore)
    }
  }
}
