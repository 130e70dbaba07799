import { expect, test } from "vitest"
import { providerBoardSuite, succeeded } from "../../ports/provider-board.suite.ts"
import { createMemoryProviderBoard } from "./provider-board.ts"

providerBoardSuite("memory", () => {
  let at = 1_000_000
  const now = (): number => at
  return {
    board: createMemoryProviderBoard({ now }),
    now,
    pass: (ms) => {
      at += ms
    },
  }
})

test("two boards in one process share nothing", () => {
  const [one, other] = [createMemoryProviderBoard({ now: () => 0 }), createMemoryProviderBoard({ now: () => 0 })]
  one.began("openai/gpt-4o").ended(succeeded(0))
  one.began("openai/gpt-4o")
  expect(other.snapshot(0).candidates).toEqual({})
  expect(other.inFlightHere("openai/gpt-4o")).toBe(0)
})

test("remembers at most as many candidates as the shared book, whatever names are asked for", () => {
  let at = 0
  const board = createMemoryProviderBoard({ now: () => at })
  for (; at < 250; at++) {
    const candidate = `made-up/${at}`
    board.began(candidate).ended(succeeded(at, 1_000, candidate))
  }
  const { candidates } = board.snapshot(at)
  expect(Object.keys(candidates)).toHaveLength(100)
  expect(candidates).toHaveProperty(["made-up/249"])
})
