import { spawn } from "node:child_process"
import { once } from "node:events"
import { accessSync, constants } from "node:fs"
import { createServer } from "node:net"
import { delimiter, join } from "node:path"
import { createRedisMock } from "js-redis-server"

/** The Redis behind the endpoint. */
export interface Backing {
  readonly url: string
  /** For people. */
  readonly name: string
  readonly close: () => Promise<void>
}

/** The Redis that was named, else a `redis-server` of our own, else one in this process. */
export const startBacking = async (redisUrl: string | undefined): Promise<Backing> => {
  if (redisUrl !== undefined) return { url: redisUrl, name: "the Redis of REDIS_URL", close: async () => undefined }
  const binary = findOnPath("redis-server")
  return binary === undefined ? startInProcess() : startServer(binary)
}

export const findOnPath = (name: string, path: string = process.env["PATH"] ?? ""): string | undefined =>
  path
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })

const startInProcess = async (): Promise<Backing> => {
  const redis = await createRedisMock()
  return { url: `redis://127.0.0.1:${redis.port}`, name: "a Redis in this process", close: () => redis.close() }
}

/** Without persistence, and within the limits that the documentation asks of a real one. */
const startServer = async (binary: string): Promise<Backing> => {
  const port = await freePort()
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
  const limits = ["--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru"]
  const server = spawn(binary, [...options, ...limits], { stdio: ["ignore", "pipe", "ignore"] })
  const ready = Promise.withResolvers<void>()
  server.stdout.on("data", (text: Buffer) => text.includes("Ready to accept connections") && ready.resolve())
  server.once("error", ready.reject)
  server.once("exit", (code) => ready.reject(new Error(`${binary} ended at once (${code}).`)))
  await ready.promise
  return {
    url: `redis://127.0.0.1:${port}`,
    name: "a redis-server of its own",
    close: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return
      const ended = once(server, "exit")
      server.kill("SIGTERM")
      await ended
    },
  }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (address === null || typeof address === "string") throw new Error("No free port was found.")
  return address.port
}
