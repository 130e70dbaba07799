import { describe, expect, test } from "vitest"
import { seededRandom } from "../../dev/simulated-providers/seeded.ts"
import { loadScore, planScore, responseTimeScore, selectionWeight } from "./score.ts"
import type { Terms } from "./score.ts"

const strange = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, -1e300, 0, 1, 2, 1e300]
const names = ["accuracy", "responseTime", "availability", "load"] as const
const draws = 5_000

const termsFrom = (value: () => number): Terms => ({
  accuracy: value(),
  responseTime: value(),
  availability: value(),
  load: value(),
})
const isShare = (score: number): boolean => score >= 0 && score <= 1

describe.each([
  ["selection weight", selectionWeight, names],
  ["plan score", planScore, ["accuracy", "load"]],
] as const)("%s", (_, score, counted) => {
  test("lies from 0 to 1 for any terms, broken ones among them", () => {
    const random = seededRandom("7")
    const value = (): number => (random() < 0.5 ? random() : (strange[Math.floor(random() * strange.length)] ?? 0))
    const bad = Array.from({ length: draws }, () => termsFrom(value)).filter((terms) => !isShare(score(terms)))
    expect(bad).toEqual([])
  })

  test("rises with each term that counts, and stays for the others", () => {
    const random = seededRandom("11")
    const wrong: unknown[] = []
    for (let draw = 0; draw < draws; draw++) {
      const terms = termsFrom(random)
      for (const name of names) {
        const better = { ...terms, [name]: terms[name] + (1 - terms[name]) / 2 }
        const rises = score(better) > score(terms)
        const stays = score(better) === score(terms)
        if (counted.some((each) => each === name) ? !rises : !stays) wrong.push([name, terms])
      }
    }
    expect(wrong).toEqual([])
  })

  test("is 0 for the worst and 1 for the best", () => {
    expect(score(termsFrom(() => 0))).toBe(0)
    expect(score(termsFrom(() => 1))).toBeCloseTo(1, 12)
  })
})

test("a slower candidate never scores higher, nor does a busier one", () => {
  const random = seededRandom("13")
  const wrong: unknown[] = []
  for (let draw = 0; draw < draws; draw++) {
    const less = random() * 40_000
    const more = less + random() * 20_000
    if (responseTimeScore(more) > responseTimeScore(less)) wrong.push(["time", less, more])
    if (loadScore(more / 300, 100) > loadScore(less / 300, 100)) wrong.push(["load", less, more])
  }
  expect(wrong).toEqual([])
  expect(responseTimeScore(1_001)).toBeLessThan(responseTimeScore(1_000))
  expect(loadScore(2, 100)).toBeLessThan(loadScore(1, 100))
})

test.each(strange)("a time, a load or a limit of %d gives a share, never NaN", (value) => {
  expect(isShare(responseTimeScore(value))).toBe(true)
  expect(isShare(loadScore(value, 100))).toBe(true)
  expect(isShare(loadScore(3, value))).toBe(true)
  expect(isShare(loadScore(value, value))).toBe(true)
})
