import { connect, createServer } from "node:net"
import type { Server, Socket } from "node:net"

/** A server between a client and a Postgres that takes no options at the start, as PgBouncer does unless it is told to. */
export interface StrictProxy extends AsyncDisposable {
  readonly url: string
}

const accepted = new Set(["user", "database", "application_name", "client_encoding"])

/** Starts one in front of the server at `url`. */
export const startStrictProxy = async (url: string): Promise<StrictProxy> => {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    sockets.add(client)
    client.on("error", () => undefined)
    client.once("data", (startup: Buffer) => {
      const refused = startupParameters(startup).find((name) => !accepted.has(name))
      if (refused !== undefined) return void client.end(protocolViolation(`unsupported startup parameter: ${refused}`))
      const upstream = connect(Number(target.port), target.hostname)
      sockets.add(upstream)
      upstream.on("error", () => client.destroy())
      upstream.write(startup)
      client.pipe(upstream).pipe(client)
    })
  })
  const port = await listen(server)
  const through = new URL(url)
  through.port = String(port)
  return {
    url: through.href,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : 0)
    })
  })

/** A length, a version, then names and values, each ended by a zero: Postgres's manual, 54.7, StartupMessage. */
const startupParameters = (message: Buffer): readonly string[] =>
  message
    .subarray(8)
    .toString()
    .split("\0")
    .filter((text, at) => at % 2 === 0 && text !== "")

const protocolViolation = (text: string): Buffer => {
  const fields = Buffer.from(`SFATAL\0C08P01\0M${text}\0\0`)
  const head = Buffer.alloc(5)
  head.write("E")
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}
