import { once } from "node:events"
import { createServer } from "node:net"
import { afterEach, expect, test } from "vitest"
import { checkPorts } from "./ports.ts"

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

const takePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  ends.push(() => server.close())
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("It listens on no port.")
  return address.port
}

const freePort = async (): Promise<number> => {
  const port = await takePort()
  ends.pop()?.()
  return port
}

test("says which port is taken, and a command with one that is free", async () => {
  const taken = await takePort()

  const reason = await checkPorts([["--port", taken]]).catch((error: Error) => error.message)

  const [, suggested] = /npm start -- --port (\d+)$/.exec(String(reason)) ?? []
  expect(reason).toContain(`Port ${taken} is taken.`)
  await expect(checkPorts([["--port", Number(suggested)]])).resolves.toBeUndefined()
})

test("says which two options want the same port", async () => {
  const port = await freePort()

  await expect(
    checkPorts([
      ["--port", port],
      ["--redis-port", 0],
      ["--postgres-port", port],
    ]),
  ).rejects.toThrow(`--port and --postgres-port both are ${port}`)
})

test("any number of parts may take any free port", async () => {
  await expect(
    checkPorts([
      ["--port", 0],
      ["--redis-port", 0],
    ]),
  ).resolves.toBeUndefined()
})
