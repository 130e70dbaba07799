const orientationTag = 0x0112
const shortType = 3
const maxEntries = 512

/**
 * The orientation (1 to 8) that an EXIF block states; 1 when it states none or is broken, because a picture is not
 * refused over its metadata. `start` is where the TIFF header ("II" or "MM") stands, `end` where the block ends.
 */
export const exifOrientation = (view: DataView, start: number, end: number): number => {
  const length = Math.min(end, view.byteLength) - start
  if (length < 14) return 1
  const tiff = new DataView(view.buffer, view.byteOffset + start, length)
  const byteOrder = tiff.getUint16(0)
  if (byteOrder !== 0x4949 && byteOrder !== 0x4d4d) return 1
  const little = byteOrder === 0x4949
  if (tiff.getUint16(2, little) !== 42) return 1
  const directory = tiff.getUint32(4, little)
  if (directory + 2 > length) return 1
  const entries = Math.min(tiff.getUint16(directory, little), maxEntries)
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12
    if (entry + 12 > length) return 1
    if (tiff.getUint16(entry, little) !== orientationTag) continue
    const value = tiff.getUint16(entry + 2, little) === shortType ? tiff.getUint16(entry + 8, little) : 1
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}
