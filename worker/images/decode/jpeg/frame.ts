import { CorruptImage } from "../../../ports/image-engine.ts"
import { UnsupportedJpeg } from "./unsupported-jpeg.ts"

/** One color of a picture, as its frame header has it (T.81, B.2.2), with the sizes that follow from that. */
export interface Component {
  readonly id: number
  /** Samples of this color in a minimum coded unit (MCU), in blocks: across and down. */
  readonly across: number
  readonly down: number
  readonly quantizer: number
  /** Blocks as stored, for whole MCUs. */
  readonly blocksPerRow: number
  readonly blockRows: number
  /** Blocks that the picture needs: those of a scan with this color alone. */
  readonly ownBlocksPerRow: number
  readonly ownBlockRows: number
}

export interface Frame {
  readonly progressive: boolean
  readonly widthPx: number
  readonly heightPx: number
  readonly components: readonly Component[]
  readonly mcusPerRow: number
  readonly mcuRows: number
  readonly mostAcross: number
  readonly mostDown: number
}

const baseline = 0xc0
const extended = 0xc1
const progressive = 0xc2

/** Reads SOF0, SOF1 or SOF2; throws for the kinds that hardly anyone writes, arithmetic and lossless coding among them. */
export const readFrame = (marker: number, data: Uint8Array): Frame => {
  if (marker !== baseline && marker !== extended && marker !== progressive) {
    throw new UnsupportedJpeg("it uses arithmetic, hierarchical or lossless coding")
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  if (view.getUint8(0) !== 8) throw new UnsupportedJpeg(`it has ${view.getUint8(0)} bits a sample, not 8`)
  const heightPx = view.getUint16(1)
  const widthPx = view.getUint16(3)
  const count = view.getUint8(5)
  if (heightPx === 0 || widthPx === 0) throw new CorruptImage("It has no size.")
  if (count !== 1 && count !== 3 && count !== 4) throw new CorruptImage(`It has ${count} color components.`)
  const stated = Array.from({ length: count }, (_, i) => {
    const sampling = view.getUint8(7 + i * 3)
    return {
      id: view.getUint8(6 + i * 3),
      across: sampling >> 4,
      down: sampling & 15,
      quantizer: view.getUint8(8 + i * 3),
    }
  })
  for (const { across, down, quantizer } of stated) {
    if (across < 1 || across > 4 || down < 1 || down > 4 || quantizer > 3) {
      throw new CorruptImage("A color component has an impossible sampling or quantization table.")
    }
  }
  // One color alone has MCUs of one block, whatever it says (T.81, A.2.2).
  const parts = count === 1 ? stated.map((part) => ({ ...part, across: 1, down: 1 })) : stated
  const mostAcross = Math.max(...parts.map(({ across }) => across))
  const mostDown = Math.max(...parts.map(({ down }) => down))
  const mcusPerRow = Math.ceil(widthPx / (8 * mostAcross))
  const mcuRows = Math.ceil(heightPx / (8 * mostDown))
  return {
    progressive: marker === progressive,
    widthPx,
    heightPx,
    mcusPerRow,
    mcuRows,
    mostAcross,
    mostDown,
    components: parts.map((part) => ({
      ...part,
      blocksPerRow: mcusPerRow * part.across,
      blockRows: mcuRows * part.down,
      ownBlocksPerRow: Math.ceil(Math.ceil((widthPx * part.across) / mostAcross) / 8),
      ownBlockRows: Math.ceil(Math.ceil((heightPx * part.down) / mostDown) / 8),
    })),
  }
}
