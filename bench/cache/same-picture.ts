import type { Row } from "../report.ts"
import { row } from "../report.ts"
import { decidePair } from "./decide-pair.ts"
import type { PicturePair } from "./labelled-pairs.ts"

/** The size of the set for which the target is stated. */
const wholeSet = 39_155

/**
 * Questions that people asked of one picture: nearly all mean different things. Served is wrong where the answers differ;
 * two people who count the same thing and come to other numbers differ without any fault of the cache, so those are told
 * apart.
 */
export const samePictureRows = async (pairs: readonly PicturePair[]): Promise<readonly Row[]> => {
  let [served, miscounted, wrong] = [0, 0, 0]
  for (const pair of pairs) {
    const decided = await decidePair(pair, { minConfidence: 0.98 })
    if (decided.lane === "near" && !decided.verdict.served) continue
    served++
    if (pair.answerA === pair.answerB) continue
    if (isCount(pair.a) && isCount(pair.b)) miscounted++
    else wrong++
  }
  const scale = wholeSet / Math.max(1, pairs.length)
  return [
    row(`same picture: served of ${wholeSet.toLocaleString("en-US")} pairs (scaled)`, served * scale, "", {
      atLeast: 100,
    }),
    row(`same picture: wrong of ${served} served`, wrong, "", { target: 1 }),
    row("same picture: served, where people counted to other numbers", miscounted, ""),
  ]
}

const isCount = (question: string): boolean => /^how many\b/i.test(question.trim())
