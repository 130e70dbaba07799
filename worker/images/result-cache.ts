import type { EncodedImage, ImageEngine, ImageJob } from "../ports/image-engine.ts"
import { byteHashOf } from "./byte-hash.ts"

/** Made pictures that are still at hand, by whose they are, what they were made of, and what for. */
export interface ResultCache {
  /** What the engine makes of it, or what it made of the same a moment ago. */
  readonly transform: (tenant: string, job: ImageJob, engine: Pick<ImageEngine, "transform">) => Promise<MadeImage>
}

export interface MadeImage extends EncodedImage {
  /** Nothing had to be decoded. */
  readonly isReused: boolean
}

export interface ResultCacheOptions {
  /** Of all results together; the one that was longest unused goes first. */
  readonly maxBytes: number
}

/**
 * The results of the picture step in the memory of one isolate: so that the next candidate with the same target, or the
 * next question about a picture, does not decode it again. Two requests that work on the same picture at the same time may
 * both make it, since no request of a Worker can wait for another's work; either result is right.
 */
export const createResultCache = ({ maxBytes }: ResultCacheOptions): ResultCache => {
  /** In order of use. */
  const results = new Map<string, EncodedImage>()
  let heldBytes = 0
  const drop = (key: string): void => {
    heldBytes -= results.get(key)?.bytes.length ?? 0
    results.delete(key)
  }
  const keep = (key: string, result: EncodedImage): void => {
    drop(key)
    if (result.bytes.length > maxBytes) return
    results.set(key, result)
    heldBytes += result.bytes.length
    for (const oldest of results.keys()) {
      if (heldBytes <= maxBytes) break
      drop(oldest)
    }
  }
  return {
    transform: async (tenant, job, engine) => {
      const key = await keyOf(tenant, job)
      const known = results.get(key)
      if (known === undefined) {
        const made = await engine.transform(job)
        keep(key, made)
        return { ...made, isReused: false }
      }
      keep(key, known)
      return { ...known, isReused: true }
    },
  }
}

/** Everything that the result depends on; the header is read from the bytes. */
const keyOf = async (tenant: string, job: ImageJob): Promise<string> => {
  const { target, formats, quality } = job
  return JSON.stringify([tenant, await byteHashOf(job), target.widthPx, target.heightPx, formats, quality])
}
