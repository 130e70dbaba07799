import { expect, test } from "vitest"
import { parseOptions } from "./options.ts"

test("without options the well-known ports are taken", () => {
  expect(parseOptions([])).toEqual({
    port: 8787,
    providersPort: 8790,
    redisPort: 8791,
    postgresPort: 8792,
    speed: 1,
    runtime: "workerd",
    verbose: false,
  })
})

test.each([
  [["--port", "80a"], /--port 80a: a port is/],
  [["--port="], /--port : a port is/],
  [["--speed="], /--speed : give a number/],
  [["--port", "70000"], /from 0 to 65535/],
  [["--speed=-1"], /--speed -1/],
  [["--speed", "-1"], /'--speed' argument is ambiguous\. `npm start/],
  [["--runtime", "bun"], /workerd or deno/],
  [["--prot", "1"], /Unknown option '--prot'.*--help/],
  [["extra"], /--help/],
])("%j is one clear sentence", (args, expected) => {
  expect(() => parseOptions(args)).toThrow(expected)
})
