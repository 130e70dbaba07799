import { describe, expect, test } from "vitest"
import type { NearEntry } from "../near/near-entry.ts"
import type { NearVerdict } from "../near/near-verdict.ts"
import type { AnswerComparison } from "./compare-answers.ts"
import { countLookup, isInstructive, learnFrom, newMemory, optionsFrom, wantsJudge } from "./near-memory.ts"
import type { Check, NearMemory } from "./near-memory.ts"

const entry: NearEntry = {
  id: "1",
  question: "What sport is being played?",
  embedder: "stub",
  vector: Int8Array.of(1),
  answerHash: "a",
  writtenAt: 0,
}
const refused = (veto: "confidence" | "numbers"): NearVerdict => ({
  served: false,
  veto,
  detail: "",
  nearest: entry,
  similarity: 0.9,
  confidence: 0.5,
  bin: 2,
})
const served: NearVerdict = { served: true, entry, similarity: 0.9, confidence: 0.98, bin: 2 }
const same: AnswerComparison = { verdict: "same", weight: 0.9, by: "text" }
const different: AnswerComparison = { verdict: "different", weight: 0.9, by: "text" }
const check = (changes: Partial<Check> = {}): Check => ({
  asked: "What sport are they playing?",
  stored: entry.question,
  imageCount: 1,
  verdict: refused("confidence"),
  answers: same,
  ...changes,
})
const start = newMemory(0)
const learned = (memory: NearMemory, changes: Partial<Check> = {}, judgement?: "same" | "different"): NearMemory =>
  learnFrom(memory, check(changes), { asked: judgement !== undefined, judgement }, 0.02, 1)
const oneIn = (memory: NearMemory): boolean =>
  optionsFrom(memory, 0.98, 1).areOne?.("What sport are they playing?", entry.question) === true

test("three telling answers make two wordings one, for the next picture too", () => {
  const twice = learned(learned(start))
  expect(oneIn(twice)).toBe(false)
  expect(oneIn(learned(twice))).toBe(true)
  expect(learned(twice).lane.evidence[2]?.right).toBeCloseTo(2.7)
})

test("the judge and one telling answer do so as well, and its call is counted", () => {
  const judged = learned(start, {}, "same")
  expect(oneIn(judged)).toBe(true)
  expect(judged.judged).toBe(1)
})

test("what did not serve says nothing of the lane; what served wrongly does", () => {
  expect(learned(start, { answers: different }).lane).toMatchObject({ open: true, audited: 0 })
  const wrong = learned(learned(start, { verdict: served, answers: different }), {
    verdict: served,
    answers: different,
  })
  expect(wrong.lane).toMatchObject({ open: false, wrongEver: 2 })
})

test("a judge who calls the questions different outweighs equal answers", () => {
  const doubted = learned(start, {}, "different")
  expect(doubted.lane.evidence[2]).toEqual({ right: 0, wrong: 1 })
  expect(oneIn(learned(learned(learned(doubted))))).toBe(false)
})

test("a question that a veto refused teaches nothing", () => {
  expect(isInstructive(refused("numbers"))).toBe(false)
  expect(learned(start, { verdict: refused("numbers") })).toEqual(start)
})

test("an unclear comparison teaches the wordings only what the judge said", () => {
  const unclear = learned(start, { answers: { verdict: "unclear", weight: 0, by: "text" } }, "same")
  expect(unclear.lane.evidence).toEqual([])
  expect(oneIn(unclear)).toBe(false)
})

describe("the judge is asked", () => {
  const asked = (lookups: number): NearMemory =>
    Array.from({ length: lookups }).reduce<NearMemory>((memory) => countLookup(memory), start)

  test("within its budget", () => {
    expect(wantsJudge(asked(4), check())).toBe(false)
    expect(wantsJudge(asked(5), check())).toBe(true)
    expect(wantsJudge({ ...asked(5), judged: 1 }, check())).toBe(false)
  })

  test("not about answers that differ, nor about wordings that are one already", () => {
    expect(wantsJudge(asked(50), check({ answers: different }))).toBe(false)
    expect(wantsJudge(learned(asked(50), {}, "same"), check())).toBe(false)
  })
})

test("is a plain value that survives a store", () => {
  const memory = learned(learned(start, { verdict: served }), {}, "same")
  expect(JSON.parse(JSON.stringify(memory))).toEqual(memory)
})
