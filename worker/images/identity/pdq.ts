import type { Grey } from "./grey.ts"

/**
 * Meta's PDQ, a perceptual hash of 256 bits, made anew from its published description: "The TMK+PDQF Video-Hashing
 * Algorithm and the PDQ Image-Hashing Algorithm", https://github.com/facebook/ThreatExchange/tree/main/hashing
 * (hashing.pdf, sections 3 and 4). Luma, twice a box filter along both axes (Jarosz: together a tent), 64 × 64 samples, the
 * 16 × 16 lowest frequencies of their cosine transform without the constant one, each above or below the median.
 */
export type PdqHash = Uint8Array

const samples = 64
const frequencies = 16
const hashBytes = (frequencies * frequencies) / 8

/** A picture without features has a hash all the same; it only says little. */
export const pdqHash = (grey: Grey): PdqHash => bitsAboveMedian(lowFrequencies(sample(tentFiltered(grey), grey)))

/** Of two hashes, how many bits differ: 0 to 256. Two unrelated pictures differ in about 128. */
export const hashDistance = (one: PdqHash, other: PdqHash): number => {
  let distance = 0
  for (let i = 0; i < hashBytes; i++) {
    let bits = (one[i] ?? 0) ^ (other[i] ?? 0)
    for (; bits !== 0; bits &= bits - 1) distance++
  }
  return distance
}

const tentFiltered = ({ luma, widthPx, heightPx }: Grey): Float32Array => {
  let picture = Float32Array.from(luma)
  let other = new Float32Array(picture.length)
  for (let pass = 0; pass < 2; pass++) {
    for (let y = 0; y < heightPx; y++) boxFilter(picture, other, y * widthPx, 1, widthPx)
    for (let x = 0; x < widthPx; x++) boxFilter(other, picture, x, widthPx, heightPx)
  }
  return picture
}

/** The mean over a window of half a sample's width, cut off at the ends, along one row or column. */
const boxFilter = (from: Float32Array, to: Float32Array, start: number, step: number, length: number): void => {
  const window = Math.ceil(length / (2 * samples))
  const ahead = window >> 1
  const behind = window - 1 - ahead
  let [sum, count] = [0, 0]
  for (let entering = 0; entering < length + ahead; entering++) {
    const i = entering - ahead
    if (entering < length) {
      sum += from[start + entering * step] ?? 0
      count++
    }
    if (i < 0) continue
    to[start + i * step] = sum / count
    const leaving = i - behind
    if (leaving < 0) continue
    sum -= from[start + leaving * step] ?? 0
    count--
  }
}

const sample = (picture: Float32Array, { widthPx, heightPx }: Grey): Float32Array => {
  const sampled = new Float32Array(samples * samples)
  for (let row = 0; row < samples; row++) {
    const y = Math.floor(((row + 0.5) * heightPx) / samples)
    for (let column = 0; column < samples; column++) {
      const x = Math.floor(((column + 0.5) * widthPx) / samples)
      sampled[row * samples + column] = picture[y * widthPx + x] ?? 0
    }
  }
  return sampled
}

/** Rows 1 to 16 of the orthonormal DCT-II of 64 points; row 0, the mean, is left out. */
const cosines: Float64Array = Float64Array.from({ length: frequencies * samples }, (_, i) => {
  const [frequency, at] = [Math.floor(i / samples) + 1, i % samples]
  return Math.sqrt(2 / samples) * Math.cos((Math.PI / (2 * samples)) * frequency * (2 * at + 1))
})

const lowFrequencies = (sampled: Float32Array): Float64Array => {
  const alongColumns = new Float64Array(frequencies * samples)
  for (let f = 0; f < frequencies; f++) {
    for (let x = 0; x < samples; x++) {
      let sum = 0
      for (let y = 0; y < samples; y++) sum += (cosines[f * samples + y] ?? 0) * (sampled[y * samples + x] ?? 0)
      alongColumns[f * samples + x] = sum
    }
  }
  const transformed = new Float64Array(frequencies * frequencies)
  for (let f = 0; f < frequencies; f++) {
    for (let g = 0; g < frequencies; g++) {
      let sum = 0
      for (let x = 0; x < samples; x++) sum += (alongColumns[f * samples + x] ?? 0) * (cosines[g * samples + x] ?? 0)
      transformed[f * frequencies + g] = sum
    }
  }
  return transformed
}

const bitsAboveMedian = (values: Float64Array): PdqHash => {
  const median = values.toSorted()[values.length / 2 - 1] ?? 0
  const bits = new Uint8Array(hashBytes)
  values.forEach((value, i) => {
    if (value > median) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7))
  })
  return bits
}
