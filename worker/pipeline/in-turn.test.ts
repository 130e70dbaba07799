import { expect, test } from "vitest"
import { inTurn } from "./in-turn.ts"

test("runs one after the other, in order, past one that fails", async () => {
  const said: string[] = []
  const gate = Promise.withResolvers<void>()
  const oneAtATime = inTurn()
  const first = oneAtATime(async () => {
    said.push("first begins")
    await gate.promise
    said.push("first ends")
    throw new Error("first failed")
  })
  const second = oneAtATime(async () => {
    said.push("second")
    return 2
  })
  await Promise.resolve()
  expect(said).toEqual(["first begins"])
  gate.resolve()
  await expect(first).rejects.toThrow("first failed")
  expect(await second).toBe(2)
  expect(said).toEqual(["first begins", "first ends", "second"])
})
