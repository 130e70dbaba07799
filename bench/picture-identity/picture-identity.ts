// What counts as the same picture: re-encodes must, edits must not.
//
// Not to be fooled: an edit is the smallest of its kind (a digit becomes the one that looks most like it); edits that
// change no pixel are left out; and the kept side has gone through the form in which the index stores it, once from a
// lossless upload and once from a JPEG.
import { asSharp } from "../../dev/samples-source/raster.ts"
import type { Bench } from "../bench.ts"
import { conditionsNow, formatRows } from "../report.ts"
import { encodings } from "./encodings.ts"
import { judgePair } from "./judge-pair.ts"
import { originals } from "./originals.ts"
import type { Original } from "./originals.ts"
import { keep, ofBytes, ofRaster } from "./read-fingerprint.ts"
import { summarize } from "./summarize.ts"
import type { Judged } from "./summarize.ts"
import { pale, stretched, variantsOf } from "./variants.ts"

const wholeSeconds = 60

export const pictureIdentity: Bench = {
  name: "picture-identity",
  about: "which changed pictures count as the same: re-encodes, edits, resizes",
  seconds: wholeSeconds,
  quickSeconds: 3,
  run: async ({ seconds, onProgress }) => {
    const share = Math.min(1, seconds / wholeSeconds)
    const judged: Judged[] = []
    for (const original of originals) {
      onProgress(
        `${original.name}: ${encodings.length} encodings, ${Math.round(original.edits.length * share)} edits …`,
      )
      judged.push(...(await judgeVariants(original, share)))
    }
    judged.push(...(await judgeStretched()), ...(await judgePalePairs()))
    const rows = summarize(judged)
    return { report: { bench: "picture-identity", conditions: conditionsNow(), rows }, text: formatRows(rows) }
  },
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
