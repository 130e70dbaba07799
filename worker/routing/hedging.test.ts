import { expect, test } from "vitest"
import { newHealth } from "./candidate-state.ts"
import { addValue } from "./fading-level.ts"
import { afterHedge, afterRequest, hedgeAfterMs, hedgeCandidate, mayHedge, newHedgeBudget } from "./hedging.ts"
import { cutOff, viewAt } from "./testing.ts"

const now = 1_000_000
const ready = (provider: string, model = "m") => ({ provider, model, standing: "ready" as const })
const full = (provider: string) => ({ ...ready(provider), standing: "spared" as const })

test("a second candidate is asked when hardly any first token takes longer", () => {
  let { firstToken } = newHealth
  for (let index = 0; index < 400; index++) firstToken = addValue(firstToken, index % 2 === 0 ? 600 : 1_400, now)
  const patienceMs = hedgeAfterMs({ ...newHealth, firstToken }, now)
  expect(patienceMs).toBeGreaterThan(1_400)
  expect(patienceMs).toBeLessThan(3_000)
})

test("patience lies between 0.3 and 15 s, and is short for a candidate that is being tried", () => {
  expect(hedgeAfterMs(viewAt(now, { firstTokenMs: 1 }), now)).toBe(300)
  expect(hedgeAfterMs(viewAt(now, { firstTokenMs: 900_000 }), now)).toBe(15_000)
  expect(hedgeAfterMs(viewAt(now, { firstTokenMs: 9_000, ...cutOff(now, 0) }), now)).toBe(2_500)
})

test("one request in twenty is hedged in the long run, and at most ten in a row", () => {
  let budget = newHedgeBudget
  let hedges = 0
  for (let request = 0; request < 10_000; request++) {
    budget = afterRequest(budget)
    if (!mayHedge(budget, [ready("a"), ready("b")])) continue
    budget = afterHedge(budget)
    hedges++
  }
  expect(hedges).toBeGreaterThanOrEqual(500)
  expect(hedges).toBeLessThanOrEqual(501)
  for (let request = 0; request < 10_000; request++) budget = afterRequest(budget)
  expect(budget.hedges).toBe(10)
})

test("nobody hedges when more than a third of the candidates are hot", () => {
  const budget = { hedges: 10 }
  expect(mayHedge(budget, [full("a"), full("b"), ready("c")])).toBe(false)
  expect(mayHedge(budget, [full("a"), ready("b"), ready("c")])).toBe(true)
  const broken = { ...ready("d"), standing: "cut_off" as const }
  expect(mayHedge(budget, [ready("a"), ready("b"), broken, broken])).toBe(true)
  expect(mayHedge(budget, [full("a"), ready("b"), broken, broken])).toBe(false)
})

test("the second is one that is ready before one to be spared, of another provider first", () => {
  const first = ready("a", "one")
  expect(hedgeCandidate([first, ready("a", "two"), full("b"), ready("c")], first)).toEqual(ready("c"))
  expect(hedgeCandidate([first, ready("a", "two"), full("b")], first)).toEqual(ready("a", "two"))
  expect(hedgeCandidate([first, full("b")], first)).toEqual(full("b"))
  expect(hedgeCandidate([first, { ...ready("b"), standing: "cut_off" as const }], first)).toBeUndefined()
})
