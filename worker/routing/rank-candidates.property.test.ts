import { describe, expect, test } from "vitest"
import type { CandidateView, Snapshot } from "../../contract/provider-board.ts"
import { seededRandom } from "../../dev/simulated-providers/seeded.ts"
import { modelId } from "./model-ref.ts"
import { rankCandidates } from "./rank-candidates.ts"
import { cutOff, viewAt } from "./testing.ts"

const now = 1_000_000
const draws = 10_000
const good = { provider: "openai", model: "good" }
const alike = { provider: "anthropic", model: "alike" }
const dead = { provider: "google", model: "dead" }
const view = (rest: Parameters<typeof viewAt>[1]): CandidateView => viewAt(now, { firstTokenMs: 2_000, ...rest })
const knowing = (entries: readonly (readonly [typeof good, CandidateView])[]): Snapshot => ({
  at: now,
  candidates: Object.fromEntries(entries.map(([candidate, each]) => [modelId(candidate), each])),
})

/** How often each provider came first. */
const firsts = (snapshot: Snapshot): Readonly<Record<string, number>> => {
  const random = seededRandom("17")
  const counts: Record<string, number> = {}
  for (let draw = 0; draw < draws; draw++) {
    const [first] = rankCandidates([dead, good, alike], snapshot, { inFlightHere: () => 0, now, random })
    if (first !== undefined) counts[first.provider] = (counts[first.provider] ?? 0) + 1
  }
  return counts
}

describe("in 10,000 draws", () => {
  test("equals share the work evenly, and a slow candidate that fails never comes first", () => {
    const counts = firsts(
      knowing([
        [good, view({})],
        [alike, view({})],
        [dead, view({ firstTokenMs: 25_000, bad: 50 })],
      ]),
    )
    expect(counts["google"]).toBeUndefined()
    expect(counts["openai"]).toBeGreaterThan(draws * 0.48)
    expect(counts["anthropic"]).toBeGreaterThan(draws * 0.48)
  })

  test("one that rests never comes before one that does not, however good it was", () => {
    const counts = firsts(
      knowing([
        [good, view({ firstTokenMs: 20_000 })],
        [alike, view({ firstTokenMs: 20_000 })],
        [dead, view({ firstTokenMs: 100, ...cutOff(now, 1) })],
      ]),
    )
    expect(counts["google"]).toBeUndefined()
  })

  test("one that is a little better gets more of the work, and not all of it", () => {
    const counts = firsts(
      knowing([
        [good, view({ firstTokenMs: 2_000 })],
        [alike, view({ firstTokenMs: 2_500 })],
        [dead, view({ bad: 50 })],
      ]),
    )
    expect(counts["openai"]).toBeGreaterThan(draws * 0.6)
    expect(counts["anthropic"]).toBeGreaterThan(draws * 0.02)
  })
})

test("chance moves places, never the numbers that are shown, even at the ends of its range", () => {
  const snapshot = knowing([[good, view({ bad: 3, inFlightElsewhere: 7 })]])
  const shown = [0, 0.5, 1 - 2 ** -53].map((luck) =>
    rankCandidates([good, alike], snapshot, { inFlightHere: () => 2, now, random: () => luck }).toSorted((a, b) =>
      a.provider.localeCompare(b.provider),
    ),
  )
  expect(shown[1]).toEqual(shown[0])
  expect(shown[2]).toEqual(shown[0])
})

test("whatever a snapshot says, every candidate has one place and every number is one", () => {
  const random = seededRandom("19")
  const oneOf = (values: readonly number[]): number => values[Math.floor(random() * values.length)] ?? 0
  const times = [0, 1, now - 1, now, now + 1, now + 300_000, 1e15]
  const counts = [0, 0.001, 1, 25, 1e6, 1e15]
  const wrong: unknown[] = []
  for (let draw = 0; draw < 2_000; draw++) {
    const any = (): CandidateView =>
      view({
        ok: oneOf(counts),
        bad: oneOf(counts),
        countedAt: oneOf(times),
        inFlightElsewhere: Math.floor(oneOf(counts)),
        firstTokenMs: oneOf([0, 1, 29_999, 30_000, 3_600_000]),
        limit: oneOf(counts),
        pause: { until: oneOf(times), share: random(), thinnedAt: oneOf(times), quotaLowUntil: oneOf(times) },
        ...(random() < 0.5 ? cutOff(oneOf(times), oneOf([0, 15_000])) : {}),
        ...(random() < 0.2 ? { probeUntil: oneOf(times) } : {}),
      })
    const snapshot = knowing([
      [good, any()],
      [dead, any()],
    ])
    const ranked = rankCandidates([dead, good, alike], snapshot, { inFlightHere: () => oneOf(counts), now, random })
    const shares = ranked.flatMap(({ selectionWeight, planScore, terms }) => [
      selectionWeight,
      planScore,
      ...Object.values(terms),
    ])
    const sound =
      new Set(ranked.map(({ provider }) => provider)).size === 3 &&
      ranked.length === 3 &&
      shares.every((share) => share >= 0 && share <= 1) &&
      ranked.every(({ inFlight, expectedMs }) => Number.isFinite(inFlight) && Number.isFinite(expectedMs)) &&
      ranked.every(({ note }) => !/NaN|undefined|Infinity/.test(note))
    if (!sound) wrong.push({ snapshot, ranked })
  }
  expect(wrong).toEqual([])
})
