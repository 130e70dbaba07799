import { beforeEach, describe, expect, test } from "vitest"
import { createBreaker } from "./breaker.ts"
import type { Breaker } from "./breaker.ts"

const fails = (): Promise<never> => Promise.reject(new Error("down"))
const works = async (): Promise<string> => "up"

let at = 0
let breaker: Breaker
beforeEach(() => {
  at = 0
  breaker = createBreaker({ now: () => at, failuresToOpen: 3, restMs: 1_000 })
})

const fail = async (times: number): Promise<void> => {
  for (let failure = 0; failure < times; failure++) await expect(breaker(fails)).rejects.toThrow("down")
}

test("failures that are not in a row do not open it", async () => {
  await fail(2)
  await breaker(works)
  await fail(2)
  expect(await breaker(works)).toBe("up")
})

describe("after its failures in a row", () => {
  beforeEach(() => fail(3))

  test("nothing is tried while it rests", async () => {
    at = 999
    await expect(breaker(works)).rejects.toThrow("rests")
  })

  test("of all that come after the rest, one tries and the others go on resting", async () => {
    at = 1_000
    const trial = Promise.withResolvers<string>()
    const first = breaker(() => trial.promise)
    await expect(breaker(works)).rejects.toThrow("rests")
    trial.resolve("up")
    expect(await first).toBe("up")
    expect(await breaker(works)).toBe("up")
  })

  test("a try that fails begins a new rest", async () => {
    at = 1_000
    await fail(1)
    at = 1_999
    await expect(breaker(works)).rejects.toThrow("rests")
    at = 2_000
    expect(await breaker(works)).toBe("up")
  })

  test("a try that never ends does not lock it for good", async () => {
    at = 1_000
    void breaker(() => new Promise<never>(() => undefined))
    at = 2_000
    expect(await breaker(works)).toBe("up")
  })
})
