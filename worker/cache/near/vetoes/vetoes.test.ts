import { describe, expect, test } from "vitest"
import { compareQuestions } from "../compare-questions.ts"
import { readQuestion } from "../read-question.ts"
import { vetoes } from "./vetoes.ts"
import type { VetoName } from "./vetoes.ts"

/** The first veto, with its words. */
const findVeto = (asked: string, stored: string, imageCount = 1): readonly [VetoName, string] | undefined => {
  const comparison = compareQuestions(readQuestion(asked), readQuestion(stored))
  for (const [name, find] of vetoes) {
    const detail = find(comparison, imageCount)
    if (detail !== undefined) return [name, detail]
  }
  return undefined
}

describe("refuses, and names what refused", () => {
  test.each<[VetoName, string, string, string]>([
    ["numbers", "What is wrong with WT-44219?", "What is wrong with WT-44291?", '"WT-44219" against "WT-44291"'],
    ["numbers", "What feeds Q3?", "What feeds Q4?", '"Q3" against "Q4"'],
    ["numbers", "Is the load 10 mW?", "Is the load 10 MW?", '"10mW" against "10MW"'],
    ["numbers", "Is phase A loaded?", "Is phase B loaded?", '"B"'],
    ["numbers", "Which fuse is 16 A?", "Which fuse is rated?", '"16A" against nothing'],
    ["numbers", "Is it > 5 V?", "Is it < 5 V?", '">" against "<"'],
    ["negation", "Which breakers are tripped?", "Which breakers are not tripped?", 'nothing against "not"'],
    ["negation", "Is a spare available?", "Is a spare unavailable?", '"available" against "unavailable"'],
    ["negation", "Is interest taxable?", "Is interest tax-free?", '"taxable" against "tax-free"'],
    ["antonyms", "Which doors are open?", "Which doors are closed?", '"open" against "closed"'],
    ["antonyms", "What is the input voltage?", "What is the output voltage?", '"input" against "output"'],
    ["antonyms", "Is the red wire loose?", "Is the blue wire loose?", '"red" against "blue"'],
    [
      "entities",
      "Who checked it, Jack Miller?",
      "Who checked it, Jill Carter?",
      '"Jack", "Miller" against "Jill", "Carter"',
    ],
    ["question_word", "Where is the relay?", "Why is the relay there?", '"where" against "why"'],
    ["question_word", "How many doors are open?", "Are the doors open?", '"how many" against "is"'],
    ["place_and_order", "What does the upper label say?", "What does the label say?", '"upper" against nothing'],
    ["place_and_order", "Is the second lamp lit?", "Is the lamp lit?", '"second" against nothing'],
    [
      "word_order",
      "Does the relay switch the pump?",
      "Does the pump switch the relay?",
      '"relay", "switch" against "pump", "switch"',
    ],
    ["substitution", "What does the relay feed?", "What does the contactor feed?", '"relay" against "contactor"'],
    ["substitution", "How are RSUs taxed?", "How are stock options taxed?", '"RSUs" against "stock", "options"'],
    ["substitution", "How many candles are lit?", "How many candles are there?", '"lit" against nothing'],
    ["freshness", "What is the latest reading?", "What is the reading?", '"latest"'],
    ["freshness", "What is the current balance?", "What is the balance?", '"current"'],
  ])("%s: %s | %s", (name, asked, stored, words) => {
    const [veto, detail] = findVeto(asked, stored) ?? []
    expect(veto).toBe(name)
    expect(detail).toContain(words)
    expect(findVeto(stored, asked)?.[0]).toBe(name)
  })

  test("picture_index: which of several pictures is meant", () => {
    const [asked, stored] = ["Is the door in this picture open?", "Is the door in both pictures open?"]
    const comparison = compareQuestions(readQuestion(asked), readQuestion(stored))
    const pictureIndex = vetoes.find(([name]) => name === "picture_index")?.[1]
    expect(pictureIndex?.(comparison, 2)).toBe('"this picture" against "both picture"')
    expect(pictureIndex?.(comparison, 1)).toBeUndefined()
  })
})

describe("lets other wordings of one question pass", () => {
  test.each([
    ["What sport are they playing?", "What sport is being played?"],
    ["How many zebras do you see?", "How many zebras are there?"],
    ["How do I remove the cover?", "What is the best way to remove the cover?"],
    ["What can I do to delete a label?", "How do I remove labels?"],
    ["Which is the best fuse for this motor?", "Which fuse is best for this motor?"],
    ["What are some good ideas for a senior project?", "What are some good senior project ideas?"],
    ["What is the difference between a fuse and a breaker?", "What is the difference between a breaker and a fuse?"],
    ["What is the current through R1?", "How much is the current in R1?"].map((text) =>
      text.replace("How much", "What"),
    ),
    ["How many zebras are visible in total?", "How many zebras are there?"],
    ["Is the load 10kW?", "Is the load 10 kW?"],
    ["Can it run without oil?", "Can it run with no oil?"],
  ])("%s | %s", (asked, stored) => {
    expect(findVeto(asked ?? "", stored ?? "")).toBeUndefined()
  })
})

test("reads what people would never write", () => {
  const long = "not Q1 the upper ".repeat(5_000)
  // A regular expression gone wild would outlast the test's own limit.
  for (const text of [".".repeat(100_000), "'".repeat(100_000), "a-".repeat(50_000), "Ä1".repeat(50_000), long]) {
    expect(readQuestion(`${text} what`).tokens.at(-1)?.lower).toBe("what")
  }
})
