// Fits the numbers of worker/cache/near/fitted.ts from labelled pairs, and prints that file's values:
//
//   node dev/with-node.mjs bench/cache/fit.ts --data <folder>
//
// Every score that a bin counts was given by weights that had not seen its pair (five folds), so the bins tell what to
// expect of pairs that nobody has seen.
import { parseArgs } from "node:util"
import type { FittedEmbedder } from "../../worker/cache/near/confidence.ts"
import { asLabelledPairs, compareAll } from "./compared-pairs.ts"
import type { ComparedPair } from "./compared-pairs.ts"
import { crossFit, fitJoint, fitText, wordingOnly } from "./fit-joint.ts"
import type { Joint } from "./fit-joint.ts"
import { readLabelledData } from "./labelled-pairs.ts"
import type { Weights } from "./logistic.ts"
import { monotoneBins } from "./monotone-bins.ts"
import type { Scored } from "./monotone-bins.ts"

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { data: { type: "string" } } })
  if (values.data === undefined) throw new Error("Give the folder of labelled pairs: --data <folder>.")
  const { recorded, calibration, traps, pictures } = await readLabelledData(values.data)
  if (recorded === undefined || calibration === undefined || traps === undefined || pictures === undefined) {
    throw new Error(`All four files are needed in ${values.data}.`)
  }
  const general = [...(await compareAll(calibration)), ...(await compareAll(asLabelledPairs(pictures)))]
  const withCosine = (await compareAll([...recorded, ...traps])).filter((pair) => pair.recorded !== undefined)

  const text = fitText(general)
  const lexicalOf = (pair: ComparedPair): number => pair.lexical
  const recordedOf = (pair: ComparedPair): number => pair.recorded ?? 0
  const nominate = (from: number, pairs: readonly ComparedPair[], of: (pair: ComparedPair) => number) =>
    pairs.filter((pair) => of(pair) >= from)
  const embedder = (
    [firstBin, nominatedFrom]: readonly [number, number],
    joint: Joint,
    scored: readonly Scored[],
    binSize: number,
  ): FittedEmbedder => ({ nominatedFrom, ...joint, firstBin, bins: monotoneBins(scored, binSize) })

  const lexicalPairs = nominate(0.4, general, lexicalOf)
  const recordedPairs = nominate(0.7, withCosine, recordedOf)
  const jointOf = (of: (pair: ComparedPair) => number) => (weights: Weights, train: readonly ComparedPair[]) =>
    fitJoint(weights, train, of)
  const result = {
    text: { intercept: text[0], weights: text.slice(1) },
    lexical: embedder(
      [0, 0.4],
      fitJoint(text, lexicalPairs, lexicalOf),
      crossFit(lexicalPairs, fitText, lexicalOf, jointOf(lexicalOf)),
      150,
    ),
    recorded: embedder(
      [10, 0.7],
      fitJoint(text, recordedPairs, recordedOf),
      crossFit(recordedPairs, () => text, recordedOf, jointOf(recordedOf)),
      30,
    ),
    unmeasured: embedder(
      [20, 0.7],
      wordingOnly,
      crossFit(
        general,
        fitText,
        () => 0,
        () => wordingOnly,
      ),
      300,
    ),
  }
  console.log(
    JSON.stringify(
      result,
      (_, value: unknown) =>
        typeof value === "number" ? (Number.isFinite(value) ? Number(value.toFixed(3)) : "-Infinity") : value,
      2,
    ),
  )
}

await main()
