import { expect, test } from "vitest"
import { createAgenda } from "./agenda.ts"
import { candidates } from "./candidates.ts"
import type { SimulatedRequest } from "./requests.ts"
import type { Scenario } from "./scenarios.ts"
import { createWorld } from "./world.ts"

const calm: Scenario = { name: "calm", lengthS: 60, effects: [], joinsAtS: 30 }
const request = (index: number): SimulatedRequest => ({
  index,
  at: 0,
  isolate: 0,
  type: 0,
  outputTokens: 100,
  difficulty: 0,
})
const large = 0

/** Sends so many requests to one candidate at once; how each ended, and when. */
const sendAll = (scenario: Scenario, count: number, candidate = large) => {
  const agenda = createAgenda()
  const world = createWorld(agenda, scenario, 1)
  const ended: { how: string; at: number }[] = []
  const note = (how: string) => () => ended.push({ how, at: agenda.now() })
  for (let index = 0; index < count; index++) {
    world.send(candidate, request(index), 0, {
      firstToken: () => undefined,
      ended: note("answered"),
      refused: (how) => note(how.kind === "refused" && how.restMs === undefined ? "full" : how.kind)(),
    })
  }
  agenda.run()
  const counts: Record<string, number> = {}
  for (const { how } of ended) counts[how] = (counts[how] ?? 0) + 1
  return { counts, lastAt: Math.max(...ended.map(({ at }) => at)) }
}

test("what comes beyond its rate limit is refused, with a time to wait", () => {
  const burst = Math.floor(candidates[large]?.burst ?? 0)
  const { counts } = sendAll(calm, burst + 10)
  expect(counts["refused"]).toBe(10)
  expect((counts["answered"] ?? 0) + (counts["failed"] ?? 0)).toBe(burst)
})

test("with few slots, requests wait for each other, and what finds the queue full is refused", () => {
  const slots: Scenario = { ...calm, effects: [{ candidates: [large], fromS: 0, toS: 60, rateFactor: 100 }] }
  const traits = candidates[large]
  const [alone, many] = [sendAll(slots, 1), sendAll(slots, 21)]
  expect(many.lastAt).toBeGreaterThan(alone.lastAt)
  expect(many.counts["full"]).toBeUndefined()
  expect(traits?.slots).toBeGreaterThan(21)
})

test("a dead candidate fails at once, a hanging one says nothing, and both come back", () => {
  const dead = { candidates: [large], fromS: 0, toS: 10 }
  expect(sendAll({ ...calm, effects: [{ ...dead, failingShare: 1 }] }, 5).counts).toEqual({ failed: 5 })
  expect(sendAll({ ...calm, effects: [{ ...dead, hangingShare: 1 }] }, 5).counts).toEqual({})
  expect(sendAll({ ...calm, effects: [{ ...dead, fromS: 20, toS: 30, failingShare: 1 }] }, 5).counts).toEqual({
    answered: 5,
  })
})

test("the last candidate is there only once it has joined", () => {
  const agenda = createAgenda()
  const world = createWorld(agenda, calm, 1)
  const seen: boolean[] = []
  for (const s of [0, 29, 30, 59]) agenda.at(s * 1000, () => seen.push(world.exists(candidates.length - 1)))
  agenda.run()
  expect(seen).toEqual([false, false, true, true])
})
