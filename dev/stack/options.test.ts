import { createServer } from "node:net"
import { expect, test } from "vitest"
import { parseDevVars } from "./dev-vars.ts"
import { parseOptions } from "./options.ts"
import { checkPort } from "./ports.ts"

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
  [["--port", "70000"], /from 0 to 65535/],
  [["--speed=-1"], /--speed -1/],
  [["--speed", "-1"], /'--speed' argument is ambiguous\. `npm start/],
  [["--runtime", "bun"], /workerd or deno/],
  [["--prot", "1"], /Unknown option '--prot'.*--help/],
  [["extra"], /--help/],
])("%j is one clear sentence", (args, expected) => {
  expect(() => parseOptions(args)).toThrow(expected)
})

test("a busy port is named, with another to choose", async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await new Promise((resolve) => server.once("listening", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  await expect(checkPort("--port", port)).rejects.toThrow(`Port ${port} is taken`)
  server.close()
})

test("a .dev.vars file may hold comments, quotes and exports", () => {
  const content = "# keys\n\nOPENAI_API_KEY=sk-1\nexport GOOGLE_API_KEY = \"a b\" \r\nEMPTY='x=y'\n"
  expect(parseDevVars(content)).toEqual({ OPENAI_API_KEY: "sk-1", GOOGLE_API_KEY: "a b", EMPTY: "x=y" })
})

test("a wrong line in .dev.vars is named by its number, and not repeated", () => {
  expect(() => parseDevVars("A=1\nsk-secret")).toThrow(/line 2/)
  expect(() => parseDevVars("A=1\nsk-secret")).not.toThrow(/sk-secret/)
})
