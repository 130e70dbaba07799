import { expect, test } from "vitest"
import { judgeNear } from "./judge-near.ts"
import type { AskedQuestion } from "./judge-near.ts"
import type { NearEntry } from "./near-entry.ts"

const asked: AskedQuestion = {
  query: "Which breaker feeds the pump?",
  imageCount: 1,
  queryType: "general",
  vector: Int8Array.of(127, 0),
  embedder: "stub",
}
const entry = (changes: Partial<NearEntry> = {}): NearEntry => ({
  id: "1",
  question: "What breaker feeds the pump?",
  embedder: "stub",
  vector: Int8Array.of(127, 10),
  answerHash: "a",
  writtenAt: 0,
  ...changes,
})
const options = { minConfidence: 0.98 }

test("says that there is no neighbor in an empty group", () => {
  expect(judgeNear(asked, [], options)).toMatchObject({ served: false, veto: "no_neighbor" })
})

test("never compares vectors of another embedder, and asks no quarantined entry", () => {
  const others = [entry({ embedder: "other" }), entry({ quarantined: true })]
  expect(judgeNear(asked, others, options)).toMatchObject({ served: false, veto: "no_neighbor" })
})

test("names the nearest of a group that is too far away", () => {
  const far = entry({ id: "far", vector: Int8Array.of(0, 127) })
  const nearer = entry({ id: "nearer", vector: Int8Array.of(100, 127) })
  expect(judgeNear(asked, [far, nearer], options)).toMatchObject({ veto: "too_far", nearest: { id: "nearer" } })
})

test("a similar question alone is no reason to serve its answer", () => {
  expect(judgeNear(asked, [entry()], options)).toMatchObject({ served: false, veto: "confidence", confidence: 0 })
})

test("does not read what is too long or not English", () => {
  const judge = (query: string) => judgeNear({ ...asked, query }, [entry()], options)
  expect(judge("Which breaker? ".repeat(200))).toMatchObject({ served: false, veto: "too_long" })
  expect(judge("Welche Sicherung speist die Pumpe?")).toMatchObject({ served: false, veto: "not_english" })
})
