import { expect, test } from "vitest"
import { compareQuestions } from "./compare-questions.ts"
import { fitted } from "./fitted.ts"
import { readQuestion } from "./read-question.ts"
import { textFeatureNames, textFeatures } from "./text-features.ts"

const featuresOf = (asked: string, stored: string) =>
  textFeatures(compareQuestions(readQuestion(asked), readQuestion(stored)))

test("every feature has a weight", () => {
  expect(fitted.text.weights).toHaveLength(textFeatureNames.length)
  expect(featuresOf("What is it?", "What is this?")).toHaveLength(textFeatureNames.length)
})

test("no embedder's bins are another's, and a report can name them all", () => {
  const ranges = [...Object.values(fitted.embedders), fitted.unmeasured].map(
    ({ firstBin, bins }) => [firstBin, firstBin + bins.length] as const,
  )
  const sorted = ranges.toSorted(([one], [other]) => one - other)
  for (const [index, [from]] of sorted.entries()) expect(from).toBeGreaterThanOrEqual(sorted[index - 1]?.[1] ?? 0)
  expect(sorted.at(-1)?.[1]).toBeLessThanOrEqual(32)
})

test("does not depend on which of the two was asked first", () => {
  const [one, other] = ["How do Siemens relays work in summer?", "What is a relay for?"]
  expect(featuresOf(one, other)).toEqual(featuresOf(other, one))
})

test("is bounded and finite for texts without words", () => {
  expect(featuresOf("?", "?").every((feature) => Number.isFinite(feature))).toBe(true)
})
