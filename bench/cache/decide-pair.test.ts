import { expect, test } from "vitest"
import { decidePair, scorePair } from "./decide-pair.ts"
import { fullyProven } from "./traps.ts"

const proven = { minConfidence: 0.98, evidence: fullyProven }
const pair = { a: "What sport is being played?", b: "What sport are they playing?", cosine: 0.93 }

test("replays a recorded cosine", async () => {
  const decided = await decidePair(pair, proven)
  if (decided.lane !== "near" || !decided.verdict.served) throw new Error("not served")
  expect(decided.verdict.similarity).toBeCloseTo(0.93, 2)
  expect(await decidePair({ ...pair, cosine: 0.3 }, proven)).toMatchObject({ verdict: { veto: "too_far" } })
})

test("asks the built-in embedder where none was recorded", async () => {
  expect(await decidePair({ a: pair.a, b: pair.b }, proven)).toMatchObject({ lane: "near", verdict: { served: true } })
})

test("knows what the canonical lane answers", async () => {
  const same = { a: "How many doors are there?", b: "how many doors do you see" }
  expect(await decidePair(same, proven)).toEqual({ lane: "canonical" })
  expect(await scorePair({ ...same, same: true })).toBe(Number.POSITIVE_INFINITY)
})

test("a pair that a veto refuses has no score; of others, the nearer one has the higher", async () => {
  expect(await scorePair({ a: "Is Q1 on?", b: "Is Q2 on?", same: false, cosine: 0.99 })).toBeUndefined()
  const [near, far] = [await scorePair({ ...pair, same: true }), await scorePair({ ...pair, same: true, cosine: 0.8 })]
  expect(near).toBeGreaterThan(far ?? Number.NaN)
})
