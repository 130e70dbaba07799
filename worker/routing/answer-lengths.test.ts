import { expect, test } from "vitest"
import type { AnswerLengths, Observation } from "../../contract/provider-board.ts"
import { addAnswerLength, expectedTokens, keptLengths } from "./answer-lengths.ts"

const answer = (kind: string | undefined, outputTokens: number): Observation => ({
  candidate: "openai/gpt-4o",
  ok: true,
  responseTimeMs: 5_000,
  outputTokens,
  at: 0,
  ...(kind === undefined ? {} : { kind }),
})
const after = (observations: readonly Observation[], before: AnswerLengths = {}): AnswerLengths =>
  observations.reduce(addAnswerLength, before)
const times = (count: number, observation: Observation): readonly Observation[] =>
  Array.from({ length: count }, () => observation)

test("each type of question has its own length, whatever the pictures and the bound", () => {
  const lengths = after([
    ...times(100, answer("count/small/short", 20)),
    ...times(100, answer("table/large/longest", 900)),
  ])
  expect(expectedTokens(lengths, "count")).toBeLessThan(60)
  expect(expectedTokens(lengths, "table")).toBeGreaterThan(800)
  expect(expectedTokens(lengths, "")).toBeGreaterThan(400)
  expect(after([answer("count/large/unbounded", 20)])).toEqual(after([answer("count/small/short", 20)]))
})

test("a type that is little known is expected to be as long as all together, and nothing at all as 200 tokens", () => {
  expect(expectedTokens({}, "table")).toBe(200)
  const known = after(times(200, answer("ocr/small/long", 600)))
  expect(expectedTokens(known, "table")).toBe(expectedTokens(known, ""))
  const begun = after([answer("table/small/long", 2_000)], known)
  expect(expectedTokens(begun, "table")).toBeGreaterThan(600)
  expect(expectedTokens(begun, "table")).toBeLessThan(800)
})

test("answers of an unknown type count for all together", () => {
  const lengths = after(times(100, answer(undefined, 700)))
  expect(Object.keys(lengths)).toEqual([""])
  expect(expectedTokens(lengths, "")).toBeGreaterThan(600)
})

test("what changes is learned within a few hundred answers", () => {
  const longer = after(times(400, answer("ocr/s/l", 1_000)), after(times(5_000, answer("ocr/s/l", 100))))
  expect(expectedTokens(longer, "ocr")).toBeGreaterThan(800)
})

test("failures, first tokens and answers without a count say nothing", () => {
  const { outputTokens: _, ...untold } = answer("ocr/s/l", 5)
  const { responseTimeMs: __, ...begun } = answer("ocr/s/l", 5)
  expect(after([untold, begun, { ...answer("ocr/s/l", 5), ok: false }])).toEqual({})
})

test("a flood of types keeps the newest, and always all together", () => {
  const flood = Array.from({ length: 200 }, (_, index) => answer(`type_${index}/s/l`, 50))
  const lengths = after(flood)
  expect(Object.keys(lengths)).toHaveLength(keptLengths)
  expect(lengths).toHaveProperty(["type_199"])
  expect(lengths).not.toHaveProperty(["type_0"])
  expect(lengths[""]?.answers).toBe(200)
})
