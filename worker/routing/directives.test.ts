import { describe, expect, test } from "vitest"
import { directiveLimits } from "../../contract/directives.ts"
import type { Order } from "../../contract/directives.ts"
import { afterOrder, directiveFor, directiveNote, noDirectives } from "./directives.ts"

const now = 1_000_000
const gpt = { provider: "openai", model: "gpt-4o" }
const mini = { provider: "openai", model: "gpt-4o-mini" }
const order = (rest: Partial<Order> = {}): Order => ({
  action: "drain",
  target: "openai",
  forS: 60,
  by: "ann",
  ...rest,
})
const after = (...orders: readonly Partial<Order>[]) =>
  orders.reduce((directives, each) => afterOrder(directives, order(each), now), noDirectives)

test("an order about a provider holds for all its models, and for nobody else's", () => {
  const { standing } = after({})
  expect([gpt, mini].map((each) => directiveFor(standing, each, now)?.action)).toEqual(["drain", "drain"])
  expect(directiveFor(standing, { provider: "google", model: "gpt-4o" }, now)).toBeUndefined()
  expect(directiveFor(standing, { provider: "openai-eu", model: "gpt-4o" }, now)).toBeUndefined()
})

test("an order about a model refines an earlier one about its provider", () => {
  const { standing } = after({ action: "drain" }, { action: "pin", target: "openai/gpt-4o" })
  expect(directiveFor(standing, gpt, now)?.action).toBe("pin")
  expect(directiveFor(standing, mini, now)?.action).toBe("drain")
})

test("an order about a provider ends earlier ones about its models", () => {
  const { standing } = after({ action: "pin", target: "openai/gpt-4o" }, { action: "drain" })
  expect([gpt, mini].map((each) => directiveFor(standing, each, now)?.action)).toEqual(["drain", "drain"])
  expect(after({ action: "pin", target: "openai/gpt-4o" }, { action: "release" }).standing).toEqual([])
})

test("an order ends by itself", () => {
  const { standing } = after({ forS: 60 })
  expect(directiveFor(standing, gpt, now + 59_999)).toBeDefined()
  expect(directiveFor(standing, gpt, now + 60_000)).toBeUndefined()
})

test("the newest order about a target replaces the earlier one, and a release ends it", () => {
  expect(after({ action: "drain" }, { action: "pin", forS: 5 }).standing).toMatchObject([
    { action: "pin", until: now + 5_000 },
  ])
  expect(after({ action: "drain" }, { action: "release" }).standing).toEqual([])
  expect(after({ action: "drain", target: "google" }, { action: "release" }).standing).toHaveLength(1)
})

test("a reset leaves drains and pins as they are", () => {
  expect(after({ action: "drain" }, { action: "reset" }).standing).toHaveLength(1)
})

describe("the audit", () => {
  test("says who did what, when, for how long and why, the newest first", () => {
    const { audit } = after({ reason: "key rotation" }, { action: "reset", target: "google", by: "bob" })
    expect(audit).toEqual([
      { at: now, by: "bob", action: "reset", target: "google" },
      { at: now, by: "ann", action: "drain", target: "openai", forS: 60, reason: "key rotation" },
    ])
  })

  test("and the standing orders are bounded, however many are given", () => {
    const { standing, audit } = after(...Array.from({ length: 500 }, (_, index) => ({ target: `provider-${index}` })))
    expect([standing.length, audit.length]).toEqual([directiveLimits.standing, directiveLimits.audit])
    expect(standing.at(-1)?.target).toBe("provider-499")
    expect(audit[0]?.target).toBe("provider-499")
  })
})

test("a note tells a person who, for how long, and why", () => {
  const [directive] = after({ reason: "key rotation" }).standing
  expect(directive && directiveNote(directive, now + 500)).toBe("drained by ann for 60 s more: key rotation")
})
