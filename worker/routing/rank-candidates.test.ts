import { expect, test } from "vitest"
import type { CandidateView, Snapshot } from "../../contract/provider-board.ts"
import { defaultConcurrencyLimit } from "./concurrency-limit.ts"
import { modelId } from "./model-ref.ts"
import { rankCandidates } from "./rank-candidates.ts"
import type { RankingInput } from "./rank-candidates.ts"
import { cutOff, pausing, snapshotAt, viewAt } from "./testing.ts"

const now = 1_000_000
const [one, two, three] = [
  { provider: "openai", model: "gpt-4o" },
  { provider: "anthropic", model: "claude" },
  { provider: "google", model: "gemini" },
] as const

/** No luck either way: the median of the jitter for everyone. */
const calm: RankingInput = { inFlightHere: () => 0, now, random: () => 0.5 }
const view = (rest: Parameters<typeof viewAt>[1] = {}): CandidateView => viewAt(now, rest)
const snapshot = (...views: readonly (readonly [typeof one | typeof two | typeof three, CandidateView])[]): Snapshot =>
  snapshotAt(now, Object.fromEntries(views.map(([candidate, each]) => [modelId(candidate), each])))
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
  expect(at(view({ firstTokenMs: 9_000 }))).toEqual(["anthropic", "openai"])
  expect(at(view({ bad: 20 }))).toEqual(["anthropic", "openai"])
  expect(at(view({ inFlightElsewhere: 80 }))).toEqual(["anthropic", "openai"])
})

test("requests in flight here and elsewhere count together", () => {
  const [record] = rankCandidates([one], snapshot([one, view({ inFlightElsewhere: 30 })]), {
    ...calm,
    inFlightHere: (id) => (id === "openai/gpt-4o" ? 20 : 0),
  })
  expect(record).toMatchObject({
    inFlight: 50,
    terms: { load: expect.closeTo(1 - 50 / defaultConcurrencyLimit) as number },
  })
})

test("load is how full what is in flight makes each, by what it is taken to serve at once", () => {
  const busy = { inFlightElsewhere: 15 }
  const ranked = rankCandidates(
    [one, two],
    snapshot([one, view({ ...busy, limit: 20 })], [two, view({ ...busy, limit: 60 })]),
    calm,
  )
  expect(order(ranked)).toEqual(["anthropic", "openai"])
  expect(ranked.map(({ terms }) => terms.load)).toEqual([0.75, 0.25])
})

test("old failures are forgiven by the clock, though no new snapshot came", () => {
  const failed = snapshot([one, view({ bad: 20 })])
  const [fresh] = rankCandidates([one], failed, calm)
  const [later] = rankCandidates([one], failed, { ...calm, now: now + 600_000 })
  expect(fresh?.terms.availability).toBeLessThan(0.6)
  expect(later?.terms.availability).toBeGreaterThan(0.99)
})

test("the order is: to be probed, ready, to be spared, pausing, cut off; the first to wake before the others", () => {
  const models = ["cut", "cut-longer", "paused", "spared", "plain", "probe"].map((model) => ({ provider: "p", model }))
  const fast = { firstTokenMs: 300 }
  const ranked = rankCandidates(
    models,
    snapshotAt(now, {
      "p/cut": view({ ...fast, ...cutOff(now, 2_000) }),
      "p/cut-longer": view({ ...fast, ...cutOff(now, 9_000) }),
      "p/paused": view({ ...fast, ...pausing(now, 60_000) }),
      "p/spared": view({ ...fast, limit: 10, inFlightElsewhere: 10 }),
      "p/plain": view({ firstTokenMs: 20_000 }),
      "p/probe": view({ ...cutOff(now, -1), probeUntil: now + 1 }),
    }),
    calm,
  )
  expect(ranked.map(({ model }) => model)).toEqual(["probe", "plain", "spared", "paused", "cut", "cut-longer"])
  expect(ranked.map(({ standing }) => standing)).toEqual(["probe", "ready", "spared", "pausing", "cut_off", "cut_off"])
})

test("when all are cut off, all are used, by weight", () => {
  const ranked = rankCandidates(
    [one, two],
    snapshot([one, view({ firstTokenMs: 20_000, ...cutOff(now, 1_000) })], [two, view(cutOff(now, 9_000))]),
    calm,
  )
  expect(order(ranked)).toEqual(["anthropic", "openai"])
})

test("a pause that is over counts for nothing; a breaker that rested waits for its probe", () => {
  const rested = snapshot([one, view({ firstTokenMs: 1_000, ...pausing(now, 0) })], [two, view(cutOff(now, 0))])
  const ranked = rankCandidates([one, two, three], rested, calm)
  expect(ranked.map(({ standing }) => standing)).toEqual(["ready", "ready", "cut_off"])
  expect(order(ranked)[0]).toBe("openai")
})

test("one that comes back gets its part of the requests, and no more", () => {
  const back: CandidateView = view({
    firstTokenMs: 300,
    breaker: { state: "ramp", since: now - 4_000, trips: 1, failuresInARow: 0, lateInARow: 0, lateAt: 0 },
  })
  const first = (luck: number): string | undefined =>
    order(rankCandidates([one, two], snapshot([one, back], [two, view()]), { ...calm, random: () => luck }))[0]
  expect(first(0.5)).toBe("openai")
  expect(first(0.6)).toBe("anthropic")
})

test("ratings of this query type count, those of others do not", () => {
  const rated = view({ accuracy: { count: { right: 0, wrong: 40 } } })
  const ranked = (queryType: string) => rankCandidates([one, two], snapshot([one, rated]), { ...calm, queryType })
  expect(order(ranked("count"))).toEqual(["anthropic", "openai"])
  expect(ranked("ocr").find(({ provider }) => provider === "openai")?.terms.accuracy).toBe(0.85)
})

test("the pace of output counts, by how long answers usually are and by their bound", () => {
  const { firstToken } = view({ firstTokenMs: 20 })
  const wordy = view({ firstTokenMs: 500, perToken: firstToken })
  const expected = (mostOutputTokens: number) =>
    rankCandidates([one], snapshot([one, wordy]), { ...calm, mostOutputTokens })[0]?.expectedMs ?? 0
  expect(expected(1_000)).toBe(expected(200))
  expect(expected(200) - expected(20)).toBeGreaterThan(3_000)
})

test("for a type of question with brief answers the quick first token is preferred, for one with long ones the quick pace", () => {
  const level = (ms: number) => view({ firstTokenMs: ms }).firstToken
  const prompt = view({ firstTokenMs: 300, perToken: level(30) })
  const steady = view({ firstTokenMs: 3_000, perToken: level(10) })
  const answerLengths = { count: { meanTokens: 15, answers: 200 }, table: { meanTokens: 900, answers: 200 } }
  const known = { ...snapshot([one, prompt], [two, steady]), answerLengths }
  const firstFor = (queryType: string) => order(rankCandidates([one, two], known, { ...calm, queryType }))[0]
  expect(firstFor("count")).toBe("openai")
  expect(firstFor("table")).toBe("anthropic")
})

test("the note says why a candidate stands where it does", () => {
  const noteFor = (each: CandidateView): string | undefined =>
    rankCandidates([one], snapshot([one, each]), calm)[0]?.note
  expect(noteFor(view(cutOff(now, 3_200)))).toBe("cut off for 4 s more: it failed 5 times in a row")
  expect(noteFor(view(cutOff(now, 0)))).toBe("cut off until a probe succeeds: it failed 5 times in a row")
  expect(noteFor(view({ ...cutOff(now, 0), probeUntil: now + 1 }))).toBe("this request tries whether it has recovered")
  expect(noteFor(view(pausing(now, 30_000)))).toBe("left alone for 30 s more, as it asked")
  expect(noteFor(view({ limit: 8, inFlightElsewhere: 9 }))).toBe("full: 9 requests in flight, and it bears 8")
  expect(noteFor(view({ pause: { until: 0, share: 1, thinnedAt: 0, quotaLowUntil: now + 1 } }))).toMatch(/quota/)
  expect(noteFor(view({ pause: { until: 0, share: 0.3, thinnedAt: now, quotaLowUntil: 0 } }))).toMatch(/refused/)
  expect(noteFor(view({ responseTimeSamples: 1 }))).toBe("expected by its one answer so far")
})

test("proportional draws in proportion to the weights, as first published", () => {
  const draws = 4_000
  let state = 7
  const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
  let firsts = 0
  const slow = view({ firstTokenMs: 30_000 })
  for (let draw = 0; draw < draws; draw++) {
    const [best] = rankCandidates([one, two], snapshot([one, slow], [two, view()]), {
      ...calm,
      random,
      selection: "proportional",
    })
    if (best?.provider === "openai") firsts++
  }
  const [a, b] = [one, two].map(
    (each) => rankCandidates([each], snapshot([one, slow], [two, view()]), calm)[0]?.selectionWeight ?? 0,
  ) as [number, number]
  expect(firsts / draws).toBeGreaterThan(a / (a + b) - 0.03)
  expect(firsts / draws).toBeLessThan(a / (a + b) + 0.03)
})

test("equals take turns, by luck", () => {
  // For each candidate one number for the spread of its accuracy, one for its place.
  const luck = [0.5, 0.1, 0.5, 0.9, 0.5, 0.9, 0.5, 0.1]
  const random = (): number => luck.shift() ?? 0.5
  const first = rankCandidates([one, two], empty, { ...calm, random })
  const second = rankCandidates([one, two], empty, { ...calm, random })
  expect(order(first)).toEqual(["anthropic", "openai"])
  expect(order(second)).toEqual(["openai", "anthropic"])
  expect(first[0]?.selectionWeight).toBe(second[0]?.selectionWeight)
})

test("luck does not lift a candidate that is clearly worse", () => {
  const luck = [0.999, 0.999, 0.001, 0.001]
  const ranked = rankCandidates([one, two], snapshot([one, view({ bad: 100 })], [two, view()]), {
    ...calm,
    random: () => luck.shift() ?? 0.5,
  })
  expect(order(ranked)).toEqual(["anthropic", "openai"])
})

test("nothing to choose from gives nothing", () => {
  expect(rankCandidates([], empty, calm)).toEqual([])
})
