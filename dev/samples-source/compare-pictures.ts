import type { Raster } from "./raster.ts"

/** How far two pictures may be apart, in grey levels of 255: another encoder rounds otherwise, nothing more. */
const tolerance = {
  /** Mean over the whole picture. */
  picture: 1,
  /** Mean over the worst tile of 8 × 8. One pixel turned from white to black makes 255 / 64, just under 4. */
  tile: 3,
} as const

const tilePx = 8

/** What can be seen at a place: color as far as alpha lets it through, since encoders may drop what is transparent. */
const seenAt = ({ data, channels }: Raster, pixel: number, channel: number): number => {
  const value = data[pixel * channels + channel] ?? 0
  return channels === 4 && channel < 3 ? (value * (data[pixel * channels + 3] ?? 0)) / 255 : value
}

/** Why two pictures are not the same, as the rest of a sentence; undefined where they are within tolerance. */
export const differenceBetween = (one: Raster, other: Raster): string | undefined => {
  const { widthPx, heightPx, channels } = one
  if (widthPx !== other.widthPx || heightPx !== other.heightPx || channels !== other.channels) {
    const shape = (raster: Raster) => `${raster.widthPx} x ${raster.heightPx} with ${raster.channels} channels`
    return `is ${shape(one)}, but should be ${shape(other)}`
  }
  const tilesPerRow = Math.ceil(widthPx / tilePx)
  const tiles = new Float64Array(tilesPerRow * Math.ceil(heightPx / tilePx))
  let sum = 0
  for (let y = 0, pixel = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, pixel++) {
      let apart = 0
      for (let channel = 0; channel < channels; channel++) {
        apart += Math.abs(seenAt(one, pixel, channel) - seenAt(other, pixel, channel)) / channels
      }
      const tile = Math.floor(y / tilePx) * tilesPerRow + Math.floor(x / tilePx)
      tiles[tile] = (tiles[tile] ?? 0) + apart / tilePx ** 2
      sum += apart
    }
  }
  const mean = sum / (widthPx * heightPx)
  if (mean > tolerance.picture)
    return `differs by ${mean.toFixed(2)} grey levels on average (allowed: ${tolerance.picture})`
  let worst = 0
  tiles.forEach((value, tile) => {
    if (value > (tiles[worst] ?? 0)) worst = tile
  })
  const value = tiles[worst] ?? 0
  if (value <= tolerance.tile) return undefined
  const at = `(${(worst % tilesPerRow) * tilePx}, ${Math.floor(worst / tilesPerRow) * tilePx})`
  return `differs by ${value.toFixed(1)} grey levels in the ${tilePx} x ${tilePx} pixels at ${at} (allowed: ${tolerance.tile})`
}
