import { once } from "node:events"
import { createServer } from "node:net"
import { UsageError } from "./options.ts"

/** A port of 0, which takes any free one, is always fine. */
export type WantedPort = readonly [option: string, port: number]

/** Throws a UsageError with the cure when a port is wanted twice or taken by another program. */
export const checkPorts = async (wanted: readonly WantedPort[]): Promise<void> => {
  const fixed = wanted.filter(([, port]) => port !== 0)
  for (const [index, [option, port]] of fixed.entries()) {
    const earlier = fixed.slice(0, index).find(([, other]) => other === port)
    if (earlier !== undefined) throw new UsageError(`${earlier[0]} and ${option} both are ${port}; give each its own.`)
  }
  for (const [option, port] of fixed) await checkPort(option, port)
}

const checkPort = async (option: string, port: number): Promise<void> => {
  try {
    await listenOnce(port)
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined
    if (code === "EADDRINUSE") {
      const free = await listenOnce(0)
      throw new UsageError(`Port ${port} is taken. End what uses it, or choose another: npm start -- ${option} ${free}`)
    }
    if (code === "EACCES") {
      throw new UsageError(`Port ${port} needs rights that you don't have here. Choose one above 1023 with ${option}.`)
    }
    throw error
  }
}

/** Takes a port and gives it back at once; the number that it had. */
const listenOnce = async (port: number): Promise<number> => {
  const server = createServer()
  server.listen(port, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  return typeof address === "object" && address !== null ? address.port : port
}
