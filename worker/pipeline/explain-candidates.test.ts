import { expect, test } from "vitest"
import type { AttemptRecord, CandidateRecord, Standing } from "../../contract/record.ts"
import { explainCandidates } from "./explain-candidates.ts"

const candidate = (provider: string, selectionWeight: number, standing: Standing = "ready"): CandidateRecord => ({
  provider,
  model: "m",
  selectionWeight,
  planScore: 0.9,
  terms: { accuracy: 0.85, responseTime: 1, availability: 1, load: 1 },
  inFlight: 0,
  expectedMs: 1_000,
  standing,
  hedgeAfterMs: 1_000,
  note: `${provider}'s note`,
})
const attempt = (provider: string, outcome: AttemptRecord["outcome"]): AttemptRecord => ({
  provider,
  model: "m",
  outcome,
  durationMs: 1,
})
const verdicts = (...args: Parameters<typeof explainCandidates>) =>
  Object.fromEntries(explainCandidates(...args).map(({ provider, verdict }) => [provider, verdict]))

test("each candidate says why it was taken or not", () => {
  const ranked = [candidate("a", 0.9), candidate("b", 0.8), candidate("c", 0.75), candidate("d", 0.99, "cut_off")]
  expect(verdicts(ranked, [attempt("a", "rate_limited"), attempt("b", "answered")])).toEqual({
    a: "asked; failed: rate_limited",
    b: "taken: it answered",
    c: "not asked: a/m weighs 0.150 more",
    d: "not asked: d's note",
  })
})

test("one that came first by luck, among equals, is not said to weigh more", () => {
  const ranked = [candidate("a", 0.8), candidate("b", 0.802)]
  expect(verdicts(ranked, [attempt("a", "answered")])["b"]).toBe("not asked: a/m came first, though it weighs no more")
})

test("one that was asked again after a pause says how often", () => {
  const attempts = [attempt("a", "overloaded"), attempt("a", "overloaded"), attempt("b", "answered")]
  expect(verdicts([candidate("a", 0.9), candidate("b", 0.8)], attempts)["a"]).toBe("asked 2 times; failed: overloaded")
})

test("in a race, the loser was stopped; in a consensus, each agrees or not", () => {
  const ranked = [candidate("a", 0.9), candidate("b", 0.8)]
  const raced = verdicts(ranked, [attempt("a", "superseded"), attempt("b", "answered")])
  expect(raced["a"]).toBe("asked; stopped, for others had answered")
  const votes = [
    { provider: "a", model: "m", agrees: true },
    { provider: "b", model: "m", agrees: false },
  ]
  const consensus = { asked: 2, agreeing: 1, agreed: false, votes }
  expect(verdicts(ranked, [attempt("b", "answered"), attempt("a", "answered")], consensus)).toEqual({
    a: "asked; agrees with the answer",
    b: "asked; disagrees with the answer",
  })
})
