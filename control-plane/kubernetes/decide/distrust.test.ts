import { expect, test } from "vitest"
import type { Belief } from "./believe.ts"
import { distrust } from "./distrust.ts"
import { believed, policyOf } from "./testing.ts"

const policyFrom = (second: string) =>
  policyOf(
    `budget:\n  rate: { from: prometheus, url: http://p, query: r }\n  serviceTime: { from: prometheus, url: http://p, query: s, unit: ms }\n  inFlight: { from: prometheus, url: ${second}, query: w }\n  slots: 4`,
  )
const frozen: Belief = { believed: false, code: "frozen", reason: "it stands still" }
const beliefs = { rate: believed(4), serviceTime: frozen, inFlight: believed(0) }

test("a zero from a source that stands still in another number is no zero", () => {
  const { rate, inFlight } = distrust(policyFrom("http://p"), beliefs)
  expect([rate, inFlight]).toMatchObject([
    { believed: false, code: "frozen" },
    { believed: false, code: "frozen" },
  ])
})

test("another source is not blamed for it, and no other fault spreads", () => {
  expect(distrust(policyFrom("http://other"), beliefs)["inFlight"]).toEqual(believed(0))
  const missing: Belief = { believed: false, code: "no-data", reason: "nothing" }
  expect(distrust(policyFrom("http://p"), { ...beliefs, serviceTime: missing })["rate"]).toEqual(believed(4))
})
