import { CorruptImage } from "../../../ports/image-engine.ts"
import type { BitReader } from "./bit-reader.ts"
import type { Frame } from "./frame.ts"
import type { Scan } from "./segments.ts"

/** Reads one block: which of the scan's colors it belongs to, and its column and row in that color's blocks. */
export type ReadBlock = (part: number, column: number, row: number) => void

export interface BlockWalk {
  readonly frame: Frame
  readonly scan: Scan
  readonly reader: BitReader
  readonly restartInterval: number
  readonly readBlock: ReadBlock
  /** Forget what goes on from block to block: predictions and runs. */
  readonly onRestart: () => void
}

/**
 * Goes over the blocks of a scan in their order (T.81, A.2), minding restart markers; stops after each row of MCUs to
 * say about how many samples it had, and throws there when the data has ended before.
 */
export function* walkBlocks({
  frame,
  scan,
  reader,
  restartInterval,
  readBlock,
  onRestart,
}: BlockWalk): Generator<number> {
  const [alone] = scan.components
  if (alone === undefined) throw new CorruptImage("A scan has no color.")
  const isAlone = scan.components.length === 1
  const rows = isAlone ? alone.component.ownBlockRows : frame.mcuRows
  const columns = isAlone ? alone.component.ownBlocksPerRow : frame.mcusPerRow
  let untilRestart = restartInterval
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (restartInterval > 0 && untilRestart-- === 0) {
        reader.restart()
        onRestart()
        untilRestart = restartInterval - 1
      }
      if (isAlone) readBlock(0, column, row)
      else readMcu(scan, column, row, readBlock)
    }
    reader.check()
    yield columns * 64 * (isAlone ? 1 : scan.components.length)
  }
}

const readMcu = ({ components }: Scan, mcuColumn: number, mcuRow: number, readBlock: ReadBlock): void => {
  for (let part = 0; part < components.length; part++) {
    const { across, down } = components[part]!.component
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) readBlock(part, mcuColumn * across + x, mcuRow * down + y)
    }
  }
}
