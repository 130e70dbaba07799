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

test("does not depend on which of the two was asked first", () => {
  const [one, other] = ["How do Siemens relays work in summer?", "What is a relay for?"]
  expect(featuresOf(one, other)).toEqual(featuresOf(other, one))
})

test("is bounded and finite for texts without words", () => {
  expect(featuresOf("?", "?").every((feature) => Number.isFinite(feature))).toBe(true)
})
