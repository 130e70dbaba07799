import { once } from "node:events"
import { setTimeout } from "node:timers/promises"
import { expect, test } from "vitest"
import { wakingDeadline } from "./waking-deadline.ts"

test("fires when nothing has come in time, and says so", async () => {
  const signal = wakingDeadline(20)
  expect(signal.aborted).toBe(false)
  await once(signal, "abort")
  expect(signal.reason).toMatchObject({ name: "TimeoutError", message: "No answer within 20 ms." })
})

test("does not count a time in which the process could not have read an answer", async () => {
  const signal = wakingDeadline(500)
  const busyUntil = performance.now() + 700
  while (performance.now() < busyUntil);
  await setTimeout(0)
  expect(signal.aborted).toBe(false)
  await once(signal, "abort")
})
