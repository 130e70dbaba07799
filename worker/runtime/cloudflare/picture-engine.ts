import { ownReader } from "../../images/engine/own-reader.ts"
import { createRasterEngine } from "../../images/engine/raster-engine.ts"
import { createRasterReader } from "../../images/engine/raster-reader.ts"
import { createTurns } from "../../images/engine/turns.ts"
import type { Memory } from "../../images/memory.ts"
import type { ImageEngine } from "../../ports/image-engine.ts"
import type { PictureReader } from "../../ports/picture-reader.ts"
import { createImagesSource } from "./images-source.ts"
import { createPhotonSource } from "./photon-source.ts"

/**
 * Of an isolate's 128 MB a picture may take this much beside its received bytes; the rest is for the code, the requests
 * with their pictures, and what is not collected yet. workerd enforces nothing locally.
 */
const limitBytes = 80_000_000

export interface PictureEngineOptions {
  /** The default export of `@cf-wasm/photon/photon.wasm`. */
  readonly photon: WebAssembly.Module
  /** The Cloudflare Images binding, where there is one; what goes through it is paid for. */
  readonly images?: ImagesBinding
  readonly onDone?: (memory: Memory) => void
}

export interface PictureHost {
  readonly engine: ImageEngine
  readonly reader: PictureReader
}

/** What a Worker does with pictures. Make one per isolate: it lets one picture at a time be worked on. */
export const createPictureHost = ({ photon, images, onDone }: PictureEngineOptions): PictureHost => {
  const own = [ownReader, createPhotonSource(photon)]
  const options = {
    sources: [...own, ...(images === undefined ? [] : [createImagesSource(images)])],
    limitBytes,
    turns: createTurns({ now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) }),
    ...(onDone === undefined ? {} : { onDone }),
  }
  // What is paid for by the picture is not asked merely to compare.
  return { engine: createRasterEngine(options), reader: createRasterReader({ ...options, sources: own }) }
}

export const createPictureEngine = (options: PictureEngineOptions): ImageEngine => createPictureHost(options).engine
