import { expect, test } from "vitest"
import { readQuestion } from "./read-question.ts"

const read = (question: string) => readQuestion(question).tokens

test("keeps identifiers whole and numbers with their units", () => {
  const exact = read("Is WT-44219 at X2:4 rated 10 kW, 0.5 A or 16A?").filter((token) => token.exact)
  expect(exact.map(({ text }) => text)).toEqual(["WT-44219", "X2:4", "10kW", "0.5A", "16A"])
})

test("reads number words as numbers", () => {
  expect(read("Are the two doors open?").find(({ lower }) => lower === "two")).toMatchObject({ exact: true, stem: "2" })
})

test("knows names by their capitals, but not at the start of a sentence, in titles or when shouted", () => {
  const names = (question: string) =>
    read(question)
      .filter(({ name }) => name)
      .map(({ text }) => text)
  expect(names("Did Siemens make it? Old devices too?")).toEqual(["Siemens"])
  expect(names("Which Breaker Feeds The Pump?")).toEqual([])
  expect(names("WHICH BREAKER FEEDS THE PUMP?")).toEqual([])
})

test("forms of a word have one stem, and so have synonyms", () => {
  const stems = (question: string) => readQuestion(question).content.map(({ stem }) => stem)
  expect(stems("breakers tripped")).toEqual(stems("breaker trips"))
  expect(stems("photos of children")).toEqual(stems("picture of kids"))
})
