import { expect, test } from "vitest"
import { combine, toFigure, toRows } from "./figures.ts"
import type { Measured } from "./figures.ts"
import type { VariantName } from "./variants.ts"

const measured = (variant: VariantName, cpuUs: number): Measured => ({
  cell: { payload: "text", connections: 32 },
  variant,
  figure: { cpuUs, p50Ms: 1, p99Ms: 2, firstByteMs: 1, requestsPerS: 1000, asNamed: 1 },
})

test("CPU is divided by the requests that it served, latencies are percentiles of them", () => {
  const wholeMs = Array.from({ length: 200 }, (_, index) => 200 - index)
  const figure = toFigure({ wholeMs, firstByteMs: wholeMs, asNamed: 150, elapsedS: 2 }, 0.02)
  expect(figure).toEqual({ cpuUs: 100, p50Ms: 100, p99Ms: 198, firstByteMs: 100, requestsPerS: 100, asNamed: 0.75 })
})

test("the ratio is that within a round, so a round on a slow machine does not tilt it", () => {
  const rounds = [
    [measured("raw proxy", 100), measured("pass-through", 140)],
    [measured("raw proxy", 300), measured("pass-through", 420)],
    [measured("raw proxy", 100), measured("pass-through", 200)],
  ]
  const passThrough = combine(rounds).find(({ variant }) => variant === "pass-through")
  expect(passThrough?.ratio).toBeCloseTo(1.4)
  expect(passThrough?.figure.cpuUs).toBe(200)
})

test.each([
  [150, true],
  [151, false],
])("of a target of 1.5 times the raw proxy, %i against 100 is met: %s", (cpuUs, met) => {
  const rows = toRows(combine([[measured("raw proxy", 100), measured("pass-through", cpuUs)]]))
  expect(rows.filter(({ target }) => target !== null)).toMatchObject([{ target: 1.5, anchor: 3, met }])
})
