import { describe, expect, test } from "vitest"
import { canonicalForm } from "./canonical-form.ts"

describe("wordings that mean the same have one canonical form", () => {
  test.each([
    ["Which breaker feeds the pump?", "which breaker feeds pump"],
    ["What's the rating of Q3?", "What is the rating of Q3"],
    ["How many breakers are in the picture?", "how many breakers are there in this image?"],
    ["How many breakers are shown?", "How many breakers do you see in this photo?"],
    ["In this picture, how many breakers are there?", "How many breakers?"],
    ["Which breaker feeds the pump?", "What breaker feeds the pump?"],
    ["What is the color of the wire at K1?", "What colour is the wire at K1?"],
    ["Can you tell me what is on the label?", "What's on the label?"],
    ["Are there any labels?", "are there labels"],
    ["Whats the rating of Q3", "What is the rating of Q3?"],
    ["Is there a label on K1?", "Is there label on K1 ?"],
    ["Hello, what is the main breaker's rating? Thanks!", "What is the main breaker's rating"],
    ["Please count: are the two doors open?", "count: are the 2 doors open?"],
    ["Which breaker   feeds\nthe pump?", "Which breaker feeds the pump?"],
    ["What is the ｒａｔｉｎｇ of Q3?", "What is the rating of Q3?"],
  ])("%j is %j", (one, other) => {
    expect(canonicalForm(one ?? "", 1)).toBe(canonicalForm(other ?? "", 1))
  })
})

describe("wordings whose answers may differ keep different forms", () => {
  test.each([
    ["Which breaker is on?", "Which breaker is not on?"],
    ["Is the load 10 mW?", "Is the load 10 MW?"],
    ["What is the rating of Q1?", "What is the rating of q1?"],
    ["What is the rating of WT-44219?", "What is the rating of WT-44291?"],
    ["What is above the relay?", "What is below the relay?"],
    ["Is phase a live?", "Is phase live?"],
    ["Can it carry 16 A?", "Could it carry 16 A?"],
    ["Does K1 switch K2?", "Does K2 switch K1?"],
    ["Is it > 5 V?", "Is it < 5 V?"],
    ["Which one is open?", "Which 1 is open?"],
    ["Which is open?", "What is open?"],
    ["Which of them is open?", "What of them is open?"],
    ["What voltage is displayed?", "What voltage is there?"],
    ["How many breakers are on?", "How many breakers are there?"],
    ["What is the size of this picture?", "What is the size?"],
    ["How many phases are in the table?", "How many phases are there?"],
    ["What is on the label?", "What is the label?"],
    ["Was liegt an Klemme 3?", "Was liegt Klemme 3?"],
  ])("%j is not %j", (one, other) => {
    expect(canonicalForm(one, 1)).not.toBe(canonicalForm(other, 1))
  })

  test("a tail that names the picture stays where there are several pictures", () => {
    expect(canonicalForm("How many are in this picture?", 2)).not.toBe(canonicalForm("How many are", 2))
  })
})

test("reads what people would never write", () => {
  // A regular expression gone wild would outlast the test's own limit.
  for (const text of [
    ".".repeat(200_000),
    " ".repeat(200_000),
    ", ".repeat(100_000),
    "in the picture ".repeat(20_000),
  ]) {
    expect(canonicalForm(`what${text}x`, 1)).toMatch(/x$/)
  }
})
