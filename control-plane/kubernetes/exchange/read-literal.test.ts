import { expect, test } from "vitest"
import { readLiteral } from "./read-literal.ts"
import { readOriginal } from "./read-original.ts"

const source = `import { Policy } from "./types"
// What scales what; see http://wiki/scaling [sic]
export const policies: Policy[] = [
  {
    deploymentName: 'api-gateway', // the [front] door
    namespace:"production",
    minReplicas: 3, maxReplicas: 10, /* [{ not this }] */
    targetMetric: MetricType.CPU,
    targetValue: 70,
    scaleUpCooldown: 5 * 60,
    scaleDownCooldown: 600_000,
  },
]
export const more = [{ url: "http://x" }]
`

test("takes the first list of objects as data, whatever stands around it", () => {
  expect(readLiteral(source)).toMatchObject([{ deploymentName: "api-gateway", targetMetric: "MetricType.CPU" }])
  expect(readLiteral('[{ "url": "http://a//b", "x": "[" }]')).toEqual([{ url: "http://a//b", x: "[" }])
})

test("policies with arithmetic, enums and milliseconds are understood", () => {
  expect(readOriginal(source)).toMatchObject([
    {
      policy: {
        name: "api-gateway",
        namespace: "production",
        step: { signal: { resource: "cpu" }, target: "70%" },
        up: { cooldown: "300s" },
        down: { cooldown: "600s" },
      },
    },
  ])
})

test("what would have to be run is no policy", () => {
  expect(readOriginal(source.replace("minReplicas: 3", "minReplicas: process.exit(1)"))).toBeUndefined()
})

test.each(["", "[", "[{", "{}", "const x = 3", "const x = [{ a: `${b}` }"])("%j holds none", (text) => {
  expect(readOriginal(text)).toBeUndefined()
})
