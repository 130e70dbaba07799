import type { PictureReader } from "../../ports/picture-reader.ts"
import { createMemory } from "../memory.ts"
import type { RasterEngineOptions } from "./raster-engine.ts"
import type { RasterSource } from "./raster-source.ts"

/** The pixels alone, from the engine's sources, within its memory and in its turns. */
export const createRasterReader = ({
  sources,
  limitBytes,
  turns,
}: Pick<RasterEngineOptions, "sources" | "limitBytes" | "turns">): PictureReader => {
  const find: (...asked: Parameters<PictureReader["canRead"]>) => RasterSource | undefined = (picture, target) =>
    sources.find((source) => {
      const prediction = source.predict(picture, target)
      return "peakBytes" in prediction && prediction.peakBytes <= limitBytes
    })
  return {
    name: "voltgate",
    canRead: (picture, target) => find(picture, target) !== undefined,
    read: (picture, target) =>
      turns.take(async (pause) => {
        const source = find(picture, target)
        if (source === undefined) throw new Error("No source takes this picture.")
        return source.read(picture, target, { memory: createMemory(limitBytes), pause })
      }),
  }
}
