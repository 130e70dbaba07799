import { describe, expect, test } from "vitest"
import { compareAnswers } from "./compare-answers.ts"

test.each([
  ["Yes.", "Yes, the main breaker is on.", "same", "yes_no"],
  ["Yes", "No, it is off.", "different", "yes_no"],
  ["16 A", "16A", "same", "quantities"],
  ["There are three doors.", "3", "same", "quantities"],
  ["16 A", "16 mA", "different", "quantities"],
  ["Q3", "Q4", "different", "quantities"],
  ["1,000 V", "1000 V", "same", "quantities"],
  ["Siemens", "Siemens.", "same", "text"],
  ["Siemens", "ABB", "different", "text"],
  [
    "The relay K1 switches the pump when the float rises.",
    "When the float rises, relay K1 switches the pump.",
    "same",
    "text",
  ],
  [
    "The relay K1 switches the pump when the float rises, and its contact seals the circuit until stop is pressed.",
    "The relay K2 switches the pump when the float rises, and its contact seals the circuit until stop is pressed.",
    "different",
    "text",
  ],
  [
    "A wiring diagram with a title block and several relays.",
    "This drawing shows how the motor is controlled.",
    "unclear",
    "text",
  ],
  ["", "", "unclear", "text"],
])("%j and %j: %s, by %s", (one, other, verdict, by) => {
  expect(compareAnswers(one, other)).toMatchObject({ verdict, by })
  expect(compareAnswers(other, one)).toMatchObject({ verdict, by })
})

describe("structured answers", () => {
  const answer = (count: number, uncertain = "") =>
    JSON.stringify({ count, items: ["left door", "right door"], uncertain })

  test("are the same where their fields are, whatever the order of keys and rows", () => {
    const other = '{"uncertain":"","items":["Right door","left door"],"count":2}'
    expect(compareAnswers(answer(2), other)).toMatchObject({ verdict: "same", by: "structured" })
  })

  test("differ where a number does", () => {
    expect(compareAnswers(answer(2), answer(3))).toMatchObject({ verdict: "different" })
  })

  test("are not judged by explanations, which are never the same twice", () => {
    const [one, other] = [
      "a long explanation of what could not be seen",
      "another long text about what was hidden from view",
    ]
    expect(compareAnswers(answer(2, one), answer(2, other))).toMatchObject({ verdict: "same" })
  })

  test("prove more the more fields they have", () => {
    const [few, many] = [compareAnswers('{"a":1}', '{"a":1}'), compareAnswers(answer(2), answer(2))]
    expect(many.weight).toBeGreaterThan(few.weight)
  })

  test("that are cut off or empty decide nothing", () => {
    expect(compareAnswers('{"a":', "{}").by).toBe("text")
    expect(compareAnswers("{}", "{}")).toMatchObject({ verdict: "unclear", weight: 0 })
  })
})

test.each([
  "It cannot be read.",
  "Unknown",
  "The label is not visible in this picture.",
  "I can't tell.",
  "There is no visible text.",
  "Nothing.",
])("two answers of %j prove nothing", (answer) => {
  expect(compareAnswers(answer, answer)).toMatchObject({ verdict: "unclear", weight: 0 })
})

test("equal answers of yes or no prove half of what others do", () => {
  expect(compareAnswers("yes", "yes").weight).toBe(0.5)
  expect(compareAnswers("C16 230 V", "C16 230 V").weight).toBeGreaterThan(0.9)
})
