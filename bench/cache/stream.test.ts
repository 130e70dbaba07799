import { expect, test } from "vitest"
import { seeded } from "./random.ts"
import { makeStream, runStream } from "./stream.ts"
import { lanes, perEntryThresholds } from "./stream-policies.ts"
import { swappedPairs, wordOrderPairs } from "./word-order-pairs.ts"

const stream = makeStream(5, 400, seeded(3))

test("a seed gives the same day each time", () => {
  expect(makeStream(5, 400, seeded(3))).toEqual(stream)
  expect(makeStream(5, 400, seeded(4))).not.toEqual(stream)
})

test("one question has one answer; wordings differ", () => {
  const asked = stream.filter(({ intent }) => intent === stream[0]?.intent && intent !== "")
  const first = asked.filter(({ picture }) => picture === asked[0]?.picture)
  expect(new Set(first.map(({ answer }) => answer)).size).toBe(1)
  expect(new Set(stream.map(({ query }) => query)).size).toBeGreaterThan(100)
})

test("both policies serve, and ours keeps within its judge's budget", async () => {
  const [ours, anchor] = [
    await runStream(stream, lanes(seeded(1))),
    await runStream(stream, perEntryThresholds(seeded(1))),
  ]
  expect(ours.hits).toBeGreaterThan(anchor.hits)
  expect(anchor.hits).toBeGreaterThan(0)
  expect(ours.judgeCalls).toBeLessThanOrEqual(0.2)
})

test("a wrong answer is counted", async () => {
  const careless = await runStream(stream, async () => ({ served: "wrong", judgeCalls: 0 }))
  expect(careless).toMatchObject({ hits: 1, wrong: 1 })
})

test("pairs in another order have the same words", () => {
  const words = (text: string) => text.toLowerCase().match(/\w+/g)?.toSorted()
  const swapped = swappedPairs(["Which cable connects the pump with the main breaker?"], seeded(1))
  expect(swapped).toHaveLength(1)
  for (const { a, b } of [...swapped, ...wordOrderPairs(24, seeded(1))]) {
    expect(b).not.toBe(a)
    expect(words(b)).toEqual(words(a))
  }
})
