import { once } from "node:events"
import { createServer } from "node:net"
import { UsageError } from "./options.ts"

/** Throws a UsageError with the cure when the port is taken. */
export const checkPort = async (option: string, port: number): Promise<void> => {
  if (port === 0) return
  const server = createServer()
  try {
    server.listen(port, "127.0.0.1")
    await once(server, "listening")
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined
    if (code === "EADDRINUSE") {
      throw new UsageError(
        `Port ${port} is taken. End what uses it, or choose another: npm start -- ${option} ${port + 100}`,
      )
    }
    if (code === "EACCES")
      throw new UsageError(`Port ${port} needs rights that you don't have here. Choose one above 1023.`)
    throw error
  } finally {
    server.close()
  }
}
