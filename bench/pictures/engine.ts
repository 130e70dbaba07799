import { ownReader } from "../../worker/images/engine/own-reader.ts"
import { createRasterEngine } from "../../worker/images/engine/raster-engine.ts"
import { createTurns } from "../../worker/images/engine/turns.ts"
import type { ImageHeader, Size } from "../../worker/images/image.ts"
import { parseHeader } from "../../worker/images/parse-header.ts"
import type { EncodedImage, ImageEngine } from "../../worker/ports/image-engine.ts"

/** Our reader and encoders as they run in a Worker, and what they took last. */
export interface MeasuredEngine extends ImageEngine {
  readonly peakBytes: () => number
  /** The longest time that it held this thread in one go since it was last asked. */
  readonly takeLongestStretchMs: () => number
}

const limitBytes = 80_000_000

export const createEngine = (): MeasuredEngine => {
  let peakBytes = 0
  let longestMs = 0
  let resumedAt = 0
  const sleep = async (): Promise<void> => {
    longestMs = Math.max(longestMs, performance.now() - resumedAt)
    await new Promise((resolve) => setImmediate(resolve))
    resumedAt = performance.now()
  }
  const engine = createRasterEngine({
    sources: [ownReader],
    limitBytes,
    turns: createTurns({ now: () => Date.now(), sleep }),
    onDone: (memory) => (peakBytes = memory.peakBytes()),
  })
  return {
    choose: engine.choose,
    transform: async (job) => {
      resumedAt = performance.now()
      const result = await engine.transform(job)
      longestMs = Math.max(longestMs, performance.now() - resumedAt)
      return result
    },
    peakBytes: () => peakBytes,
    takeLongestStretchMs: () => {
      const taken = longestMs
      longestMs = 0
      return taken
    },
  }
}

export const headerOf = (bytes: Uint8Array): ImageHeader => {
  const header = parseHeader(bytes)
  if (header === undefined || "fault" in header) throw new Error("The bench made a picture without a header.")
  return header
}

export const transform = (engine: ImageEngine, bytes: Uint8Array<ArrayBuffer>, target: Size): Promise<EncodedImage> =>
  engine.transform({ bytes, header: headerOf(bytes), target, formats: ["png", "jpeg"], quality: 85 })
