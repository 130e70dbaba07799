import { describe, expect, test } from "vitest"
import type { Breaker } from "../../contract/candidate-health.ts"
import { afterGood, newBreaker, trip } from "./breaker.ts"
import { cutOffTogether, grantProbes } from "./provider-fault.ts"

const start = 1_000_000
const failing = (failuresInARow: number): Breaker => ({ ...newBreaker, failuresInARow })
const open = trip(0, "failures_in_a_row", start)
const due = open.until
const probed = (breakers: Readonly<Record<string, Breaker>>): readonly string[] =>
  Object.entries(breakers).flatMap(([id, breaker]) => ("probe" in breaker ? [id] : []))

describe("several models of one provider fail", () => {
  test("five failures among them cut off all that failed twice in a row", () => {
    const after = cutOffTogether({ "openai/a": failing(3), "openai/b": failing(2), "google/c": failing(4) }, start)
    expect(after["openai/a"]).toMatchObject({ state: "open", why: "provider_fails", since: start })
    expect(after["openai/b"]).toMatchObject({ state: "open", why: "provider_fails" })
    expect(after["google/c"]?.state).toBe("closed")
  })

  test("one that is cut off for its failures speaks against its siblings, not against other providers'", () => {
    const after = cutOffTogether({ "openai/a": open, "openai/b": failing(2), "open/c": failing(2) }, start)
    expect(after["openai/b"]?.state).toBe("open")
    expect(after["open/c"]?.state).toBe("closed")
  })

  test("a single failure is no reason, and neither is a sibling that hangs", () => {
    const single = { "openai/a": open, "openai/b": failing(1) }
    const hanging = { "openai/a": trip(0, "no_first_token", start), "openai/b": failing(2) }
    expect(cutOffTogether(single, start)).toBe(single)
    expect(cutOffTogether(hanging, start)).toBe(hanging)
  })

  test("a single failure is reason enough when two siblings are cut off", () => {
    const siblings = { "openai/a": open, "openai/b": open }
    expect(cutOffTogether({ ...siblings, "openai/c": failing(1) }, start)["openai/c"]?.state).toBe("open")
    const without = { ...siblings, "openai/c": failing(0), "google/d": failing(1) }
    expect(cutOffTogether(without, start)).toBe(without)
  })

  test("four failures among them are not enough", () => {
    const before = { "openai/a": failing(2), "openai/b": failing(2) }
    expect(cutOffTogether(before, start)).toBe(before)
  })
})

describe("a whole provider is cut off", () => {
  const later = start + 5_000
  const both = { "openai/a": open, "openai/b": open }

  test("one of its candidates is probed, not all at once", () => {
    expect(probed(grantProbes(both, "me", later))).toEqual(["openai/a"])
  })

  test("the next one waits for a while after a probe has failed", () => {
    const failed = { ...both, "openai/a": trip(1, "failures_in_a_row", later) }
    expect(probed(grantProbes(failed, "me", later + 3_999))).toEqual([])
    expect(probed(grantProbes(failed, "me", later + 4_000))).toContain("openai/b")
  })

  test("as soon as one has answered, the others are probed too", () => {
    const answered = afterGood(open, { sentAt: later, at: later + 900 }, later + 900)
    expect(probed(grantProbes({ ...both, "openai/a": answered }, "me", later + 900))).toContain("openai/b")
  })

  test("other providers are probed all the same", () => {
    expect(probed(grantProbes({ ...both, "google/c": open }, "me", later))).toEqual(["openai/a", "google/c"])
  })
})

test("while a sibling works, a candidate is probed as soon as its own rest is over", () => {
  expect(probed(grantProbes({ "openai/a": newBreaker, "openai/b": open }, "me", due))).toEqual(["openai/b"])
  expect(grantProbes({ "openai/a": newBreaker, "openai/b": open }, "me", due - 1)["openai/b"]).toBe(open)
})
