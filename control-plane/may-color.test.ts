import { expect, test } from "vitest"
import { mayColor } from "./may-color.ts"

test.each([
  [true, true, {}],
  [true, true, { NO_COLOR: "" }],
  [false, true, { NO_COLOR: "1" }],
  [false, true, { TERM: "dumb" }],
  [false, false, {}],
  [false, false, { FORCE_COLOR: "1" }],
])("%j on a terminal: %j, with %j", (expected, isTerminal, environment) => {
  expect(mayColor(isTerminal, environment)).toBe(expected)
})
