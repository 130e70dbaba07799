import type { ImageFormat, ImageHeader } from "./image.ts"
import type { HeaderFault, HeaderParser } from "./header-parser.ts"
import { fourLetters, orTruncated, startsWith } from "./read-bytes.ts"

/**
 * AVIF and HEIC share one container (ISO/IEC 14496-12 and 23008-12): boxes in boxes. The primary item's properties
 * hold size (`ispe`), bit depth (`pixi`) and rotation (`irot`, `imir`).
 */
const avifBrands = new Set(["avif", "avis"])
const heicBrands = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"])
const sequenceBrands = new Set(["avis", "hevc", "hevx", "hevm", "hevs", "msf1"])
const maxBoxes = 256
const maxAssociations = 256

export const parseIsobmff: HeaderParser = (view) => {
  if (!startsWith(view, 4, "ftyp") || view.byteLength < 16) return undefined
  const brands = readBrands(view)
  const format: ImageFormat | undefined = brands.some((brand) => avifBrands.has(brand))
    ? "avif"
    : brands.some((brand) => heicBrands.has(brand))
      ? "heic"
      : undefined
  if (format === undefined) return undefined
  return orTruncated(format, () => parse(view, format, sequenceBrands.has(brands[0] ?? "")))
}

const readBrands = (view: DataView): readonly string[] => {
  const end = Math.min(view.getUint32(0), view.byteLength, 16 + maxBoxes)
  const brands = [fourLetters(view, 8)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(fourLetters(view, at))
  return brands
}

interface Box {
  readonly name: string
  /** Offsets of its content. */
  readonly start: number
  readonly end: number
}

const parse = (view: DataView, format: ImageFormat, isSequence: boolean): ImageHeader | HeaderFault => {
  const meta = boxes(view, 0, view.byteLength).find(({ name }) => name === "meta")
  if (meta === undefined) return { format, fault: "has no description of its pictures" }
  const parts = boxes(view, meta.start + 4, meta.end)
  const properties = parts.find(({ name }) => name === "iprp")
  const children = properties === undefined ? [] : boxes(view, properties.start, properties.end)
  const container = children.find(({ name }) => name === "ipco")
  const all = container === undefined ? [] : boxes(view, container.start, container.end)
  const own = propertiesOfPrimary(view, all, parts, children)
  const size = own.find(({ name }) => name === "ispe") ?? largestSize(view, all)
  if (size === undefined) return { format, fault: "states no size" }
  const widthPx = view.getUint32(size.start + 4)
  const heightPx = view.getUint32(size.start + 8)
  if (widthPx === 0 || heightPx === 0) return { format, fault: `states the size ${widthPx} × ${heightPx} px` }
  return {
    format,
    widthPx,
    heightPx,
    bitDepth: depthOf(view, own),
    hasAlpha: all.some((box) => box.name === "auxC" && /alpha|aux(id)?:1$/.test(asciiOf(view, box.start + 4, box.end))),
    frames: isSequence ? 2 : 1,
    progressive: false,
    orientation: orientationOf(view, own),
  }
}

/** Of the first channel; 8 where the file says nothing sensible, for a picture is not refused over that. */
const depthOf = (view: DataView, own: readonly Box[]): number => {
  const stated = own.find(({ name }) => name === "pixi")
  const depth = stated === undefined ? 8 : view.getUint8(stated.start + 5)
  return depth >= 1 && depth <= 16 ? depth : 8
}

/** The boxes between two offsets, as far as they hold together. */
const boxes = (view: DataView, start: number, end: number): readonly Box[] => {
  const found: Box[] = []
  let at = start
  while (found.length < maxBoxes && at + 8 <= end) {
    const shortSize = view.getUint32(at)
    const headerBytes = shortSize === 1 ? 16 : 8
    if (at + headerBytes > end) break
    const size = shortSize === 0 ? end - at : shortSize === 1 ? Number(view.getBigUint64(at + 8)) : shortSize
    if (size < headerBytes) break
    found.push({ name: fourLetters(view, at + 4), start: at + headerBytes, end: Math.min(at + size, end) })
    at += size
  }
  return found
}

/** The properties that `ipma` ties to the item that `pitm` names. */
const propertiesOfPrimary = (
  view: DataView,
  all: readonly Box[],
  parts: readonly Box[],
  children: readonly Box[],
): readonly Box[] => {
  const primary = parts.find(({ name }) => name === "pitm")
  const table = children.find(({ name }) => name === "ipma")
  if (primary === undefined || table === undefined) return []
  const primaryId =
    view.getUint8(primary.start) === 0 ? view.getUint16(primary.start + 4) : view.getUint32(primary.start + 4)
  const hasLongIds = view.getUint8(table.start) > 0
  const hasLongIndexes = (view.getUint8(table.start + 3) & 1) === 1
  const entries = Math.min(view.getUint32(table.start + 4), maxBoxes)
  let at = table.start + 8
  for (let entry = 0; entry < entries && at + 4 <= table.end; entry++) {
    const id = hasLongIds ? view.getUint32(at) : view.getUint16(at)
    at += hasLongIds ? 4 : 2
    const count = Math.min(view.getUint8(at++), maxAssociations)
    const found: Box[] = []
    for (let i = 0; i < count; i++, at += hasLongIndexes ? 2 : 1) {
      const index = hasLongIndexes ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f
      const property = all[index - 1]
      if (property !== undefined) found.push(property)
    }
    if (id === primaryId) return found
  }
  return []
}

/** Where nothing says which size is the picture's: tiles and thumbnails are smaller than the whole. */
const largestSize = (view: DataView, all: readonly Box[]): Box | undefined => {
  const pixels = (box: Box): number => view.getUint32(box.start + 4) * view.getUint32(box.start + 8)
  return all.filter(({ name }) => name === "ispe").toSorted((a, b) => pixels(b) - pixels(a))[0]
}

/** `irot` counts quarter turns against the clock; a mirror beside it only changes which of the turned orientations it is. */
const orientationOf = (view: DataView, own: readonly Box[]): number => {
  const rotation = own.find(({ name }) => name === "irot")
  const quarterTurns = rotation === undefined ? 0 : view.getUint8(rotation.start) & 3
  const isMirrored = own.some(({ name }) => name === "imir")
  const [plain, mirrored] = (
    [
      [1, 2],
      [8, 7],
      [3, 4],
      [6, 5],
    ] as const
  )[quarterTurns] ?? [1, 2]
  return isMirrored ? mirrored : plain
}

const asciiOf = (view: DataView, start: number, end: number): string => {
  let text = ""
  for (let at = start; at < Math.min(end, start + 80) && view.getUint8(at) !== 0; at++)
    text += String.fromCharCode(view.getUint8(at))
  return text
}
