import type { Grey } from "./grey.ts"

/**
 * A grey picture small enough to be stored: 32 levels (off by 4 of 255 at most, 2 on average, where the limit for the
 * same look is 10), each as the difference to its neighbor, deflated. A drawing of 1,024 px takes 30 to 90 KB, a photo
 * up to twice that.
 */
const steps = 31

/** Two bytes of width, two of height, then the deflated differences. */
export const packGrey = async ({ widthPx, heightPx, luma }: Grey): Promise<Uint8Array<ArrayBuffer>> => {
  const levels = luma.map((value) => Math.round((value * steps) / 255))
  const differences = levels.map((level, i) => (level - predicted(levels, i, widthPx)) & 31)
  const deflated = await collect(new Blob([differences]).stream().pipeThrough(new CompressionStream("deflate-raw")))
  const packed = new Uint8Array(4 + deflated.length)
  const view = new DataView(packed.buffer)
  view.setUint16(0, widthPx)
  view.setUint16(2, heightPx)
  packed.set(deflated, 4)
  return packed
}

/** `undefined` for bytes that `packGrey` did not write: what a store gives back may be damaged. */
export const unpackGrey = async (packed: Uint8Array<ArrayBuffer>): Promise<Grey | undefined> => {
  if (packed.length < 5) return undefined
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  const [widthPx, heightPx] = [view.getUint16(0), view.getUint16(2)]
  const inflating = new Blob([packed.subarray(4)]).stream().pipeThrough(new DecompressionStream("deflate-raw"))
  const levels = await collect(inflating, widthPx * heightPx).catch(() => undefined)
  if (levels?.length !== widthPx * heightPx) return undefined
  for (let i = 0; i < levels.length; i++) levels[i] = ((levels[i] ?? 0) + predicted(levels, i, widthPx)) & 31
  return { widthPx, heightPx, luma: levels.map((level) => Math.round((level * 255) / steps)) }
}

/** By the median of left, above, and the plane through both and the pixel between (the predictor of LOCO-I, JPEG-LS). */
const predicted = (levels: Uint8Array, i: number, widthPx: number): number => {
  if (i === 0) return 0
  if (i < widthPx) return levels[i - 1] ?? 0
  const above = levels[i - widthPx] ?? 0
  if (i % widthPx === 0) return above
  const left = levels[i - 1] ?? 0
  const corner = levels[i - widthPx - 1] ?? 0
  if (corner >= Math.max(left, above)) return Math.min(left, above)
  return corner <= Math.min(left, above) ? Math.max(left, above) : left + above - corner
}

/** All of a stream; rejects beyond `limitBytes`, so that few bytes cannot unfold into many. */
const collect = async (
  stream: ReadableStream<Uint8Array>,
  limitBytes = Number.POSITIVE_INFINITY,
): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    if (length > limitBytes) throw new RangeError("More bytes than a picture of this size has.")
    chunks.push(chunk)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
