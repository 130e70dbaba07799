import { expect, test } from "vitest"
import { judge } from "./compare.ts"
import { measure } from "./measure.ts"
import type { Figures } from "./measure.ts"
import { oracle } from "./policies/oracle.ts"
import { published } from "./policies/published.ts"
import { ours } from "./policies.ts"
import { drawRequests } from "./requests.ts"
import { named } from "./scenarios.ts"
import type { Scenario } from "./scenarios.ts"
import { simulate } from "./simulate.ts"

const short = (name: string): Scenario => {
  const found = named.find((scenario) => scenario.name === name)
  if (found === undefined) throw new Error(`There is no scenario ${name}.`)
  return { ...found, lengthS: 90 }
}

const patient = { timeout: 60_000 }

test("the same seed gives the same run, another one does not", patient, () => {
  const brief = { ...short("steady"), lengthS: 50 }
  const [one, same, other] = [7, 7, 8].map((seed) => measure(simulate(ours, brief, seed), brief))
  expect(same).toEqual(one)
  expect(other).not.toEqual(one)
})

test("all policies see the same requests, and each request ends once", patient, () => {
  const brief = { ...short("hang"), lengthS: 70 }
  const requests = drawRequests(3, 70)
  for (const policy of [oracle, published, ours]) {
    const { outcomes } = simulate(policy, brief, 3)
    expect(outcomes.map(({ request }) => request.index).toSorted((a, b) => a - b)).toEqual(
      requests.map(({ index }) => index),
    )
  }
})

test("ours leaves a dead candidate alone, the published rule keeps a part of the traffic there", patient, () => {
  const scenario = short("outage")
  const [mine, theirs] = [ours, published].map((policy) => measure(simulate(policy, scenario, 4), scenario))
  expect(mine?.deadShare).toBeLessThan(0.05)
  expect(theirs?.deadShare).toBeGreaterThan(2 * (mine?.deadShare ?? 1))
})

test("a difference counts only beyond two standard errors, seed for seed", () => {
  const utility = { name: "utility", moreIsBetter: true } as const
  const figures = (values: readonly number[]): readonly Figures[] =>
    values.map((value) => ({ utility: value }) as unknown as Figures)
  expect(judge(figures([0.85, 0.86, 0.87]), figures([0.84, 0.85, 0.86]), utility)).toBe("better")
  expect(judge(figures([0.84, 0.85, 0.86]), figures([0.85, 0.86, 0.87]), utility)).toBe("worse")
  expect(judge(figures([0.85, 0.86]), figures([0.86, 0.85]), utility)).toBe("level")
})
