import type { EngineChoice, EnginePicture, ImageEngine } from "../../ports/image-engine.ts"
import { inTurns } from "../decode/in-turns.ts"
import { encodeJpeg } from "../encode/encode-jpeg.ts"
import { encodePalettePng } from "../encode/encode-palette-png.ts"
import type { Encoders } from "../encode/encode-smallest.ts"
import { encodeSmallest } from "../encode/encode-smallest.ts"
import type { Size } from "../image.ts"
import type { Memory } from "../memory.ts"
import { createMemory } from "../memory.ts"
import type { RasterSource } from "./raster-source.ts"
import type { Turns } from "./turns.ts"

export interface RasterEngineOptions {
  /** In order of preference: the first that fits is taken. */
  readonly sources: readonly RasterSource[]
  /** What a picture may take at its peak, beside its received bytes. */
  readonly limitBytes: number
  readonly turns: Turns
  /** Told what a picture has taken; for benches and tests. */
  readonly onDone?: (memory: Memory) => void
}

/**
 * An engine on web standards alone: a source gives the pixels, our own encoders write them. Which source is a question of
 * predicted memory, because a host that runs out of it takes all requests of the isolate with it.
 */
export const createRasterEngine = (options: RasterEngineOptions): ImageEngine => {
  const { sources, limitBytes, turns, onDone } = options
  return {
    choose: (picture, target) => {
      const found = find(sources, limitBytes, picture, target)
      return "source" in found ? { engine: found.source.name, why: found.why } : found
    },
    transform: (job) =>
      turns.take(async (pause) => {
        const found = find(sources, limitBytes, job, job.target)
        if (!("source" in found)) throw new Error(`No engine takes this picture: ${found.obstacle}.`)
        const memory = createMemory(limitBytes)
        try {
          const raster = await found.source.read(job, job.target, { memory, pause })
          return await encodeSmallest(raster, job, encoders(memory, pause))
        } finally {
          onDone?.(memory)
        }
      }),
  }
}

type Found = { readonly source: RasterSource; readonly why: string } | Extract<EngineChoice, { obstacle: string }>

const find = (sources: readonly RasterSource[], limitBytes: number, picture: EnginePicture, target: Size): Found => {
  const obstacles: string[] = []
  for (const source of sources) {
    const prediction = source.predict(picture, target)
    if ("obstacle" in prediction) {
      obstacles.push(`${source.name} ${prediction.obstacle}`)
      continue
    }
    const peakBytes = prediction.peakBytes + encoderBytes(target)
    if (peakBytes <= limitBytes) return { source, why: `needs ${megabytes(peakBytes)} of ${megabytes(limitBytes)}` }
    obstacles.push(`${source.name} would need ${megabytes(peakBytes)} of memory, of ${megabytes(limitBytes)}`)
  }
  const { widthPx, heightPx } = picture.header
  const cure =
    widthPx * heightPx > largePixels
      ? "Send it smaller, as baseline JPEG or PNG without interlacing."
      : "Send it as baseline JPEG or PNG."
  return { obstacle: obstacles.join("; "), cure }
}

const largePixels = 4_000_000

/** The most that writing takes: counts of colors, or a JPEG of pure noise as it grows. */
const encoderBytes = ({ widthPx, heightPx }: Size): number => 1_400_000 + widthPx * heightPx * 2.5 + widthPx * 100

const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1_000_000))} MB`

const encoders = (memory: Memory, pause: () => Promise<void>): Encoders => ({
  png: (raster, { colors }) => encodePalettePng(raster, memory, colors),
  jpeg: (raster, { quality }) => inTurns(encodeJpeg(raster, quality, memory), pause),
})
