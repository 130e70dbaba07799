import { expect, test } from "vitest"
import type { CandidateView, Snapshot } from "../../contract/provider-board.ts"
import { newHealth } from "./candidate-state.ts"
import { modelId } from "./model-ref.ts"
import { rankCandidates } from "./rank-candidates.ts"
import type { RankingInput } from "./rank-candidates.ts"

const now = 1_000_000
const [one, two, three] = [
  { provider: "openai", model: "gpt-4o" },
  { provider: "anthropic", model: "claude" },
  { provider: "google", model: "gemini" },
] as const

/** No luck either way: the median of the jitter for everyone. */
const calm: RankingInput = { inFlightHere: () => 0, now, random: () => 0.5 }
const view = (rest: Partial<CandidateView> = {}): CandidateView => ({
  ...newHealth,
  countedAt: now,
  inFlightElsewhere: 0,
  responseTimeSamples: 10,
  responseTimeMs: 3_000,
  ...rest,
})
const snapshot = (
  ...views: readonly (readonly [typeof one | typeof two | typeof three, CandidateView])[]
): Snapshot => ({
  at: now,
  candidates: Object.fromEntries(views.map(([candidate, each]) => [modelId(candidate), each])),
})
const empty = snapshot()
const order = (ranked: ReturnType<typeof rankCandidates>): readonly string[] => ranked.map(({ provider }) => provider)

test("a candidate nobody asked yet has the priors: 3 s, 0.85 right, available", () => {
  const [record] = rankCandidates([one], empty, calm)
  expect(record).toMatchObject({
    provider: "openai",
    model: "gpt-4o",
    expectedMs: 3_000,
    inFlight: 0,
    terms: { accuracy: 0.85, responseTime: 0.9, load: 1 },
    note: "no response time known yet; 3 s are assumed",
  })
  expect(record?.terms.availability).toBeCloseTo(25 / 25.1, 12)
  expect(record?.selectionWeight).toBeCloseTo(0.85 * 0.4 + 0.9 * 0.3 + (25 / 25.1) * 0.2 + 0.1, 12)
  expect(record?.planScore).toBeCloseTo(0.85 * 0.6 + 0.4, 12)
})

test("the faster, the more available and the less busy come first", () => {
  const at = (worse: CandidateView): readonly string[] =>
    order(rankCandidates([one, two], snapshot([one, worse], [two, view()]), calm))
  expect(at(view({ responseTimeMs: 9_000 }))).toEqual(["anthropic", "openai"])
  expect(at(view({ bad: 20 }))).toEqual(["anthropic", "openai"])
  expect(at(view({ inFlightElsewhere: 80 }))).toEqual(["anthropic", "openai"])
})

test("requests in flight here and elsewhere count together", () => {
  const [record] = rankCandidates([one], snapshot([one, view({ inFlightElsewhere: 30 })]), {
    ...calm,
    inFlightHere: (id) => (id === "openai/gpt-4o" ? 20 : 0),
  })
  expect(record).toMatchObject({ inFlight: 50, terms: { load: 0.5 } })
})

test("old failures are forgiven by the clock, though no new snapshot came", () => {
  const failed = snapshot([one, view({ bad: 20 })])
  const [fresh] = rankCandidates([one], failed, calm)
  const [later] = rankCandidates([one], failed, { ...calm, now: now + 600_000 })
  expect(fresh?.terms.availability).toBeLessThan(0.6)
  expect(later?.terms.availability).toBeGreaterThan(0.99)
})

test("those that rest come last, the first to wake before the others, whatever their weight", () => {
  const resting = (restMs: number): CandidateView => view({ responseTimeMs: 100, restUntil: now + restMs })
  const ranked = rankCandidates([one, two, three], snapshot([one, resting(9_000)], [two, resting(2_000)]), calm)
  expect(order(ranked)).toEqual(["google", "anthropic", "openai"])
})

test("when all rest, all are still there to be tried", () => {
  const resting = view({ restUntil: now + 1_000 })
  const ranked = rankCandidates([one, two], snapshot([one, resting], [two, resting]), calm)
  expect(order(ranked).toSorted()).toEqual(["anthropic", "openai"])
})

test("a rest that is over counts for nothing", () => {
  const rested = view({ restUntil: now, restReason: "failures", failuresInARow: 5, responseTimeMs: 1_000 })
  expect(order(rankCandidates([one, two], snapshot([one, rested]), calm))).toEqual(["openai", "anthropic"])
})

test("the note says why a candidate rests and for how long, or what its time is based on", () => {
  const noteFor = (each: CandidateView): string | undefined =>
    rankCandidates([one], snapshot([one, each]), calm)[0]?.note
  expect(noteFor(view({ restUntil: now + 3_200, restReason: "failures", failuresInARow: 6 }))).toBe(
    "resting for 4 s more after 6 failures in a row",
  )
  expect(noteFor(view({ restUntil: now + 30_000, restReason: "asked" }))).toBe("resting for 30 s more, as it asked")
  expect(noteFor(view({ responseTimeSamples: 1 }))).toBe("expected to take as long as its one response so far")
  expect(noteFor(view({ responseTimeSamples: 40 }))).toBe("expected to take the mean of its last 40 response times")
})

test("equals take turns, by luck", () => {
  const luck = [0.1, 0.9, 0.9, 0.1]
  const random = (): number => luck.shift() ?? 0.5
  const first = rankCandidates([one, two], empty, { ...calm, random })
  const second = rankCandidates([one, two], empty, { ...calm, random })
  expect(order(first)).toEqual(["anthropic", "openai"])
  expect(order(second)).toEqual(["openai", "anthropic"])
  expect(first[0]?.selectionWeight).toBe(second[0]?.selectionWeight)
})

test("luck does not lift a candidate that is clearly worse", () => {
  const luck = [0.999, 0.001]
  const ranked = rankCandidates([one, two], snapshot([one, view({ bad: 100 })], [two, view()]), {
    ...calm,
    random: () => luck.shift() ?? 0.5,
  })
  expect(order(ranked)).toEqual(["anthropic", "openai"])
})

test("nothing to choose from gives nothing", () => {
  expect(rankCandidates([], empty, calm)).toEqual([])
})
