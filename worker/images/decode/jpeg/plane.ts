import { CorruptImage } from "../../../ports/image-engine.ts"
import type { Size } from "../../image.ts"
import type { Memory } from "../../memory.ts"
import { createRowAverager, paddedLength } from "../row-averager.ts"
import type { Component, Frame } from "./frame.ts"
import type { BlockSide } from "./inverse-dct.ts"
import { fillBlock, inverseDctOf, levelShift, scaleFactor } from "./inverse-dct.ts"
import type { Tables } from "./segments.ts"
import { zigzag } from "./zigzag.ts"

/** One color on its way from coefficients to rows of the wanted size: holds the samples of one row of MCUs. */
export interface Plane {
  readonly component: Component
  readonly side: BlockSide
  /** Where the coefficient at each zigzag place goes in `block`; the place behind the last takes those not needed. */
  readonly places: Uint8Array
  /** The zigzag places from here on are not needed. */
  readonly needed: number
  /** What the coefficient at each zigzag place is multiplied with. */
  readonly factors: Float32Array
  /** `side` × `side` coefficients, and a place for those not needed. */
  readonly block: Float32Array
  /** Makes samples of `block`, at a block's column and row within the row of MCUs, and empties it. */
  readonly render: (column: number, row: number, hasOnlyFirst: boolean) => void
  /** Passes the samples of a finished row of MCUs on. */
  readonly flush: () => void
  /** Rows of the wanted size, in turn; `undefined` where the next is not there yet. */
  readonly takeRow: () => Uint8Array | undefined
}

/** How far chroma may stay below the wanted size: sight is dull for it, and JPEG halves it again. */
const chromaShare = 0.65

/** The strongest scaling while decoding that leaves this color enough samples. */
export const sideFor = (frame: Frame, component: Component, target: Size, isChroma: boolean): BlockSide => {
  const { widthPx, heightPx } = ownSize(frame, component)
  const share = isChroma ? chromaShare : 1
  const needed = Math.max((target.widthPx * share) / widthPx, (target.heightPx * share) / heightPx)
  return ([1, 2, 3, 4] as const).find((side) => side / 8 >= needed) ?? 8
}

/** Samples of a color that make up the picture; the last may lie half outside. */
const ownSize = (frame: Frame, { across, down }: Component): Size => ({
  widthPx: (frame.widthPx * across) / frame.mostAcross,
  heightPx: (frame.heightPx * down) / frame.mostDown,
})

export interface PlaneOptions {
  readonly frame: Frame
  readonly component: Component
  readonly side: BlockSide
  readonly target: Size
  readonly memory: Memory
}

export const createPlane = ({ frame, component, side, target, memory }: PlaneOptions): Plane => {
  const own = ownSize(frame, component)
  const span = { widthPx: (own.widthPx * side) / 8, heightPx: (own.heightPx * side) / 8 }
  const stride = paddedLength(component.blocksPerRow * side)
  const stripRows = component.down * side
  const strip = memory.allocate(Uint8ClampedArray, stride * stripRows)
  const rows = new Uint8Array(strip.buffer)
  const ready = createRowQueue(memory, target.widthPx, Math.ceil((stripRows * target.heightPx) / span.heightPx) + 3)
  const averager = createRowAverager({
    rowPx: component.blocksPerRow * side,
    span,
    target,
    channels: 1,
    memory,
    onRow: ready.add,
  })
  const transform = inverseDctOf(side)
  const block = memory.allocate(Float32Array, side * side + 1)
  let rowsLeft = Math.ceil(span.heightPx)

  return {
    component,
    side,
    needed: zigzag.findLastIndex((place) => place >> 3 < side && (place & 7) < side) + 1,
    places: Uint8Array.from(zigzag, (place) => {
      const [row, column] = [place >> 3, place & 7]
      return row < side && column < side ? row * side + column : side * side
    }),
    factors: new Float32Array(64),
    block,
    render: (column, row, hasOnlyFirst) => {
      const offset = row * side * stride + column * side
      if (!hasOnlyFirst) return transform(block, strip, offset, stride)
      fillBlock(block[0]! + levelShift, side, strip, offset, stride)
      block[0] = 0
    },
    flush: () => {
      const count = Math.min(rowsLeft, stripRows)
      for (let y = 0; y < count; y++) averager.push(rows, y * stride)
      rowsLeft -= count
    },
    takeRow: ready.take,
  }
}

/** Rows wait here until the other colors have come as far. */
const createRowQueue = (
  memory: Memory,
  widthPx: number,
  capacity: number,
): { readonly add: (row: Uint8Array | Uint8ClampedArray) => void; readonly take: () => Uint8Array | undefined } => {
  const store = memory.allocate(Uint8Array, widthPx * capacity)
  const rows = Array.from({ length: capacity }, (_, i) => store.subarray(i * widthPx, (i + 1) * widthPx))
  let added = 0
  let taken = 0
  return {
    add: (row) => rows[added++ % capacity]!.set(row),
    take: () => (taken < added ? rows[taken++ % capacity] : undefined),
  }
}

/** Takes over the quantization table that is in force when a color's first scan begins (T.81, B.2.4.1). */
export const setFactors = ({ component, side, factors }: Plane, { quantizers }: Tables): void => {
  const table = quantizers[component.quantizer]
  if (table === undefined) throw new CorruptImage("A quantization table is missing.")
  for (let k = 0; k < 64; k++) {
    const place = zigzag[k] ?? 0
    factors[k] = (table[k] ?? 0) * scaleFactor(side, place >> 3, place & 7)
  }
}
