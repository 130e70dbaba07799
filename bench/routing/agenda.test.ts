import { expect, test } from "vitest"
import { createAgenda } from "./agenda.ts"
import { stream } from "./chance.ts"

test("things happen by time, those of one time in the order in which they were entered", () => {
  const agenda = createAgenda()
  const random = stream(5)
  const happened: (readonly [number, number])[] = []
  for (let order = 0; order < 500; order++) {
    const time = Math.floor(random() * 50)
    agenda.at(time, () => happened.push([time, order]))
  }
  agenda.run()
  expect(happened).toHaveLength(500)
  expect(happened).toEqual(happened.toSorted(([a, first], [b, second]) => a - b || first - second))
})

test("what is entered while something happens, even for a time that has passed, happens afterwards", () => {
  const agenda = createAgenda()
  const happened: string[] = []
  agenda.at(10, () => {
    agenda.at(5, () => happened.push(`late ${agenda.now()}`))
    happened.push(`first ${agenda.now()}`)
  })
  agenda.run()
  expect(happened).toEqual(["first 10", "late 10"])
})
