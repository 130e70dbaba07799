import { expect, test } from "vitest"
import { areOne, learnPair, pairKey } from "./wording-pairs.ts"
import type { PairFinding, WordingPairs } from "./wording-pairs.ts"

const key = pairKey("What sport are they playing?", "What sport is being played?", 1)
const same: PairFinding = { answers: { verdict: "same", weight: 0.9 } }
const after = (...findings: readonly PairFinding[]): WordingPairs =>
  findings.reduce<WordingPairs>((pairs, finding) => learnPair(pairs, key, finding), [])

test("two wordings have one name, in any order, and it holds none of their words", () => {
  expect(pairKey("What sport is being played?", "what sport are they playing", 1)).toBe(key)
  expect(key).toMatch(/^[0-9a-f]{16}$/)
  expect(pairKey("What sport are they playing?", "What sport is it?", 1)).not.toBe(key)
})

test("a judge and a telling answer prove a pair; a judge alone does not", () => {
  expect(areOne(after({ judgement: "same" }), key)).toBe(false)
  expect(areOne(after({ judgement: "same", ...same }), key)).toBe(true)
})

test("three telling answers prove it too, yes and no take more", () => {
  expect(areOne(after(same, same), key)).toBe(false)
  expect(areOne(after(same, same, same), key)).toBe(true)
  const yes: PairFinding = { answers: { verdict: "same", weight: 0.5 } }
  expect(areOne(after(yes, yes, yes, yes), key)).toBe(false)
  expect(areOne(after(yes, yes, yes, yes, yes), key)).toBe(true)
})

test("one word against it outweighs all, for good", () => {
  const told = after(same, same, same, { answers: { verdict: "different", weight: 0.9 } })
  expect(areOne(told, key)).toBe(false)
  expect(areOne(learnPair(told, key, { judgement: "same", ...same }), key)).toBe(false)
})

test("what is unclear teaches nothing", () => {
  const pairs = after({ answers: { verdict: "unclear", weight: 0 } })
  expect(pairs).toEqual([])
})

test("memory is bounded; the oldest pair goes first", () => {
  let pairs: WordingPairs = []
  for (let index = 0; index < 600; index++) pairs = learnPair(pairs, `pair ${index}`, same)
  expect(pairs).toHaveLength(512)
  expect(pairs.at(-1)?.key).toBe("pair 599")
})
