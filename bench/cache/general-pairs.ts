import type { Row } from "../report.ts"
import { row } from "../report.ts"
import { fitted } from "../../worker/cache/near/fitted.ts"
import { compareAll } from "./compared-pairs.ts"
import { decidePair, scorePair } from "./decide-pair.ts"
import { fitJoint, folds } from "./fit-joint.ts"
import type { LabelledPair } from "./labelled-pairs.ts"
import { scoreRow } from "./logistic.ts"
import { recallAt, servedFrom } from "./operating-points.ts"
import type { Decided } from "./operating-points.ts"

/** Recall on general questions with recorded cosines, against the cosine alone on the same pairs. */
export const recordedRows = async (pairs: readonly LabelledPair[]): Promise<readonly Row[]> => {
  const alone = pairs.map(({ cosine, same }): Decided => ({ score: cosine, same }))
  const ours = await Promise.all(
    pairs.map(async (pair): Promise<Decided> => ({ score: await scorePair(pair), same: pair.same })),
  )
  const recall = (mostWrong: number, atLeast: number): Row =>
    row(`general pairs, recall at ≤ ${mostWrong * 100} % wrong of served`, 100 * recallAt(mostWrong, ours), "%", {
      anchor: 100 * recallAt(mostWrong, alone),
      atLeast,
    })
  const unseen = await crossValidated(pairs)
  const crossed = (mostWrong: number): Row =>
    row(`the same, weights fitted on other pairs, at ≤ ${mostWrong * 100} %`, 100 * recallAt(mostWrong, unseen), "%")
  return [
    recall(0.05, 30),
    recall(0.1, 50),
    crossed(0.05),
    crossed(0.1),
    ...firstRule(alone),
    ...(await costRows("recorded cosines", pairs)),
  ]
}

/** What serving every cosine above 0.9 comes to, as was first specified. */
const firstRule = (alone: readonly Decided[]): readonly Row[] => {
  const { served, wrong, recall } = servedFrom(0.9, alone)
  return [
    row("cosine above 0.9 alone: recall", 100 * recall, "%"),
    row(`cosine above 0.9 alone: wrong of ${served} served`, (100 * wrong) / Math.max(1, served), "%"),
  ]
}

/** Each pair scored by what the cosine is worth on four fifths of the others. */
const crossValidated = async (pairs: readonly LabelledPair[]): Promise<readonly Decided[]> => {
  const text = [fitted.text.intercept, ...fitted.text.weights]
  const decided = Array.from({ length: folds }, async (_, fold) => {
    const train = await compareAll(pairs.filter((__, index) => index % folds !== fold))
    const joint = fitJoint(text, train, ({ recorded = 0 }) => recorded)
    const score = (features: readonly number[], cosine: number): number =>
      joint.intercept + scoreRow(text, features) + joint.cosine * cosine
    const test = pairs.filter((__, index) => index % folds === fold)
    return Promise.all(
      test.map(async (pair): Promise<Decided> => ({ score: await scorePair(pair, score), same: pair.same })),
    )
  })
  return (await Promise.all(decided)).flat()
}

/** What the shipped counts serve at several settings of VOLTGATE_CACHE_CONFIDENCE, and how often that is wrong. */
export const costRows = async (name: string, pairs: readonly LabelledPair[]): Promise<readonly Row[]> => {
  const all = pairs.filter(({ same }) => same).length
  const rows: Row[] = []
  for (const minConfidence of [0.98, 0.9, 0.8]) {
    let [served, wrong] = [0, 0]
    for (const pair of pairs) {
      const decided = await decidePair(pair, { minConfidence })
      if (decided.lane === "near" && !decided.verdict.served) continue
      served++
      if (!pair.same) wrong++
    }
    rows.push(
      row(`${name}, confidence ${minConfidence}: recall`, (100 * (served - wrong)) / Math.max(1, all), "%"),
      row(`${name}, confidence ${minConfidence}: wrong of ${served} served`, (100 * wrong) / Math.max(1, served), "%"),
    )
  }
  return rows
}
