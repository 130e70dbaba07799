import { expect, test } from "vitest"
import { startStopwatch } from "./stopwatch.ts"

const stopwatch = () => {
  let at = 1_000
  const watch = startStopwatch(() => at)
  const pass = (ms: number): void => {
    at += ms
  }
  const stage = (name: string): (() => Promise<void>) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timed = watch.time(name, () => promise)
    return () => (resolve(), timed)
  }
  return { watch, pass, stage }
}

test("adds up a stage that comes again", async () => {
  const { watch, pass, stage } = stopwatch()
  for (const ms of [30, 12]) {
    const end = stage("provider")
    pass(ms)
    await end()
    pass(100)
  }
  expect(watch.stages()).toEqual({ provider: 42 })
})

test("counts time once where a stage runs several times at once, whichever ends last", async () => {
  const { watch, pass, stage } = stopwatch()
  const endFirst = stage("provider")
  pass(10)
  const endSecond = stage("provider")
  pass(10)
  await endFirst()
  pass(10)
  await endSecond()
  pass(10)
  expect(watch.stages()).toEqual({ provider: 30 })
})

test("tells what a stage took so far while it still runs", async () => {
  const { watch, pass, stage } = stopwatch()
  const end = stage("images")
  pass(25)
  expect(watch.stages()).toEqual({ images: 25 })
  pass(5)
  await end()
  expect(watch.stages()).toEqual({ images: 30 })
})

test("counts a stage that fails", async () => {
  const { watch, pass } = stopwatch()
  const failing = watch.time("provider", async () => {
    pass(7)
    throw new Error("no")
  })
  await expect(failing).rejects.toThrow("no")
  expect(watch.stages()).toEqual({ provider: 7 })
})
