import { expect, test } from "vitest"
import { createTurns } from "./turns.ts"

/** A clock that goes on by as much as is slept, whoever sleeps. */
const createClock = () => {
  let at = 0
  return {
    now: () => at,
    sleep: async (ms: number) => {
      at += Math.max(1, ms)
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

test("works on one picture at a time, in the order in which they came, however often each pauses", async () => {
  const turns = createTurns(createClock())
  const log: string[] = []
  const work = (name: string) =>
    turns.take(async (pause) => {
      log.push(`${name} begins`)
      for (let i = 0; i < 5; i++) await pause()
      log.push(`${name} ends`)
      return name
    })
  expect(await Promise.all(["a", "b", "c"].map(work))).toEqual(["a", "b", "c"])
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"])
})

test("gives the turn on when the work fails", async () => {
  const turns = createTurns(createClock())
  const failing = turns.take(() => Promise.reject(new Error("damaged")))
  const next = turns.take(async () => "next")
  await expect(failing).rejects.toThrow("damaged")
  expect(await next).toBe("next")
})

test("passes over requests that their host has ended, in the midst of their turn or of their waiting", async () => {
  const clock = createClock()
  const forever = new Promise<never>(() => undefined)
  let sleeps = 0
  const turns = createTurns({ ...clock, sleep: (ms) => (sleeps++ === 0 ? forever : clock.sleep(ms)) })
  void turns.take(() => forever)
  // Waits on the first sleep, which never ends.
  void turns.take(async () => "too late")
  expect(await turns.take(async () => "served")).toBe("served")
  expect(clock.now()).toBeGreaterThan(2_000)
  expect(clock.now()).toBeLessThan(3_000)
})

test("does not take a slow picture for one that is gone, as long as it pauses", async () => {
  const clock = createClock()
  const turns = createTurns(clock)
  let isBusy = false
  const slow = turns.take(async (pause) => {
    isBusy = true
    for (let i = 0; i < 20; i++) await pause(500)
    isBusy = false
  })
  await turns.take(async () => expect(isBusy).toBe(false))
  await slow
})
