/**
 * How often the cache answers, and how often it is wrong. How not to be fooled:
 * - Labelled files are given by path and are not part of this repository. Thresholds, weights and counts of the near lane
 *   were fitted on development halves of such files: only other halves tell the truth. `fit.ts` says how.
 * - Labels of public question pairs are wrong for one pair in ten: pairs with the very same words that are labelled
 *   "different" are left out, all others count, so a few percent of "wrong" are the labels' own.
 * - A recall "at ≤ 5 % wrong" picks its threshold on the pairs that it is measured on, ours and the anchor's alike.
 * - The stream is our own: its wordings were written by those who wrote the rules. Compare policies on it, not products.
 * - A judge in the stream is assumed to miss one same pair in ten and to confuse one in fifty.
 */
import type { Bench, BenchResult } from "../bench.ts"
import { conditionsNow, formatRows, row } from "../report.ts"
import type { Row } from "../report.ts"
import { costRows, recordedRows } from "./general-pairs.ts"
import { judgePictures } from "../picture-identity/judge-pictures.ts"
import type { Group } from "../picture-identity/variants.ts"
import { dataFiles, readLabelledData } from "./labelled-pairs.ts"
import type { LabelledData } from "./labelled-pairs.ts"
import { lookupCostRows } from "./lookup-cost.ts"
import { seeded } from "./random.ts"
import { samePictureRows } from "./same-picture.ts"
import { questionsADay, streamRows } from "./stream.ts"
import { trapRows } from "./traps.ts"
import { wordOrderRow } from "./word-order.ts"
import { swappedPairs, wordOrderPairs } from "./word-order-pairs.ts"

const seed = 20_261_125
/** So long a whole day's stream may take on a free core. */
const wholeSeconds = 10

export const cache: Bench = {
  name: "cache",
  about: "hits and wrong answers: labelled pairs (--data <folder>), traps, a day's stream; cost of a lookup",
  seconds: wholeSeconds,
  quickSeconds: 2,
  run: async ({ seconds, data, onProgress }): Promise<BenchResult> => {
    const rows: Row[] = []
    const add = async (step: string, work: Promise<readonly Row[]>): Promise<void> => {
      onProgress(`${step} …`)
      rows.push(...(await work))
    }
    if (data !== undefined) await addLabelled(await readLabelledData(data), add)
    await add(
      "word order",
      wordOrderRow("word order swapped", wordOrderPairs(2_000, seeded(seed))).then((only) => [only]),
    )
    await add("a day's stream", streamRows(Math.round(questionsADay * Math.min(1, seconds / wholeSeconds)), seed))
    await add("drawings changed and re-encoded", pictureRows(seconds < wholeSeconds ? 0.05 : 1, onProgress))
    await add("cost of a lookup", lookupCostRows(seconds * 100, seeded(seed)))
    const note =
      data === undefined
        ? `\n\nLabelled pairs were left out: give a folder with ${Object.values(dataFiles).join(", ")} by --data <folder>.`
        : ""
    return { report: { bench: "cache", conditions: conditionsNow(), rows }, text: formatRows(rows) + note }
  },
}

/** Whether a changed drawing passes for the same picture; `bench picture-identity` tells more of the same. */
const pictureRows = async (share: number, onProgress: (step: string) => void): Promise<readonly Row[]> => {
  const judged = await judgePictures(share, onProgress)
  const of = (wanted: Group) => judged.filter(({ group }) => group === wanted)
  const [edits, copies] = [of("edit"), of("re-encode")]
  const recognized = copies.filter(({ verdict }) => verdict.accepted)
  return [
    row(
      `pictures: edits taken for the same, of ${edits.length}`,
      edits.filter(({ verdict }) => verdict.accepted).length,
      "pairs",
      { target: 0 },
    ),
    row(`pictures: re-encodes recognized, of ${copies.length}`, (100 * recognized.length) / copies.length, "%", {
      atLeast: 99,
    }),
  ]
}

type Add = (step: string, work: Promise<readonly Row[]>) => Promise<void>

const addLabelled = async ({ recorded, calibration, traps, pictures }: LabelledData, add: Add): Promise<void> => {
  if (recorded !== undefined)
    await add("general pairs with cosines", recordedRows(recorded.filter(({ cosine }) => cosine !== undefined)))
  if (calibration !== undefined) {
    await add("general pairs", costRows("built-in embedder", calibration))
    const swapped = swappedPairs(
      calibration.map(({ a }) => a),
      seeded(seed),
    )
    await add(
      "swapped words",
      wordOrderRow("words of people's questions swapped", swapped).then((only) => [only]),
    )
  }
  if (traps !== undefined) await add("traps", trapRows(traps))
  if (pictures !== undefined) await add("same picture", samePictureRows(pictures))
}
