import type { Size } from "../../images/image.ts"
import { resample } from "../../images/resample.ts"
import type { ImageEngine, ImageJob } from "../../ports/image-engine.ts"
import { CorruptImage } from "../../ports/image-engine.ts"
import { openPhoton } from "./photon-instance.ts"

export interface PhotonOptions {
  /** Told of each instance's memory before it is let go; for benches and tests. */
  readonly onDone?: (memory: WebAssembly.Memory) => void
}

/**
 * The engine of a Worker: photon decodes and encodes, we resize. One instance per picture, dropped afterwards. The work
 * is synchronous, so an isolate never works on two pictures at once.
 *
 * 4 megapixels need up to 61 MB (86 MB as a 16-bit PNG) of the isolate's 128. Photon's own resize would take 124 MB
 * for a result that is nearly as large as the original; it also knows neither EXIF orientation nor alpha.
 *
 * `module` is the default export of `@cf-wasm/photon/photon.wasm`.
 */
export const createPhotonEngine = (module: WebAssembly.Module, { onDone }: PhotonOptions = {}): ImageEngine => ({
  name: "photon",
  maxPixels: 4_000_000,
  reads: ["png", "jpeg", "webp", "gif"],
  // Its WebP is always lossless, larger than a JPEG of the same photo.
  writes: ["png", "jpeg"],
  // async, so that a trap rejects instead of throwing.
  transform: async (job) => transform(module, job, onDone),
})

const transform = (
  module: WebAssembly.Module,
  job: ImageJob,
  onDone: PhotonOptions["onDone"],
): Uint8Array<ArrayBuffer> => {
  const { bytes, header, target, format, quality } = job
  if (format !== "png" && format !== "jpeg") throw new Error(`Photon does not write ${format} here.`)
  const photon = openPhoton(module)
  try {
    const decoded = decode(() => photon.decode(bytes))
    if (decoded.widthPx !== header.widthPx || decoded.heightPx !== header.heightPx) {
      throw new CorruptImage(
        `The header says ${header.widthPx} × ${header.heightPx} px, the pixels are ${decoded.widthPx} × ${decoded.heightPx}.`,
      )
    }
    const upright = resample(decoded, asStored(target, header.orientation), header.orientation)
    decoded.free()
    return photon.encode(upright, target, format, quality)
  } finally {
    onDone?.(photon.memory)
  }
}

/** Photon has no errors: what it cannot decode ends in a trap, whatever the cause. */
const decode = <T>(work: () => T): T => {
  try {
    return work()
  } catch (cause) {
    if (!(cause instanceof WebAssembly.RuntimeError)) throw cause
    throw new CorruptImage("Photon could not decode the picture.", { cause })
  }
}

const asStored = ({ widthPx, heightPx }: Size, orientation: number): Size =>
  orientation >= 5 ? { widthPx: heightPx, heightPx: widthPx } : { widthPx, heightPx }
