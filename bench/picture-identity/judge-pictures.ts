import { asSharp } from "../../dev/samples-source/raster.ts"
import { encodings } from "./encodings.ts"
import { judgePair } from "./judge-pair.ts"
import { originals } from "./originals.ts"
import type { Original } from "./originals.ts"
import { keep, ofBytes, ofRaster } from "./read-fingerprint.ts"
import type { Judged } from "./summarize.ts"
import { pale, stretched, variantsOf } from "./variants.ts"

/** Judges every variant of every original, or only this share (0..1) of the edits, whether it counts as the same picture. */
export const judgePictures = async (share: number, onProgress: (step: string) => void): Promise<readonly Judged[]> => {
  const judged: Judged[] = []
  for (const original of originals) {
    onProgress(`${original.name}: ${encodings.length} encodings, ${Math.round(original.edits.length * share)} edits …`)
    judged.push(...(await judgeVariants(original, share)))
  }
  return [...judged, ...(await judgeStretched()), ...(await judgePalePairs())]
}

const judgeVariants = async (original: Original, share: number): Promise<readonly Judged[]> => {
  const raster = await original.draw()
  const jpeg = asSharp(raster).flatten({ background: "#fff" }).jpeg({ quality: 85 })
  const kept = [await keep(await ofRaster(raster)), await keep(await ofBytes(await jpeg.toBuffer()))]
  const judged: Judged[] = []
  for await (const { group, what, fingerprint } of variantsOf(original, share)) {
    for (const one of kept)
      judged.push({ group, what: `${original.name}, ${what}`, verdict: judgePair(one, fingerprint) })
  }
  return judged
}

/** Each faint picture against each other one: all of them different, and all of them nearly white. */
const judgePalePairs = async (): Promise<readonly Judged[]> => {
  const pictures = await Promise.all(originals.map(pale))
  const kept = await Promise.all(pictures.map(keep))
  return kept.flatMap((one, i) =>
    pictures.flatMap((other, j): readonly Judged[] =>
      i === j ? [] : [{ group: "pale", what: `pale ${originals[i]?.name}`, verdict: judgePair(one, other) }],
    ),
  )
}

const judgeStretched = async (): Promise<readonly Judged[]> => {
  const judged: Judged[] = []
  for (const original of originals) {
    const pictures = await stretched(original)
    const kept = await keep(pictures.soft)
    for (const other of pictures.stretched) {
      judged.push({ group: "stretch", what: `soft ${original.name}`, verdict: judgePair(kept, other) })
    }
  }
  return judged
}
