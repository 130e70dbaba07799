import { once } from "node:events"
import { connect } from "node:net"
import type { AddressInfo } from "node:net"
import { WebSocketServer, createWebSocketStream } from "ws"
import type { WebSocket } from "ws"
import { addressOf } from "./same-database.ts"

export interface WebSocketTunnel {
  /** `host:port/path`, for the `wsProxy` setting of Neon's client. */
  readonly wsProxy: string
  /** Stops listening and ends every tunnel. */
  readonly close: () => Promise<void>
}

const path = "/v2"

/**
 * Carries the Postgres protocol over WebSockets, as Neon's proxy does: `/v2?address=host:port`. It leads to the one
 * Postgres that it was made for, and no browser page may use it: a page says where it is from, a client does not.
 */
export const startWebSocketTunnel = async (databaseUrl: string): Promise<WebSocketTunnel> => {
  const allowed = addressOf(databaseUrl)
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    verifyClient: ({ req }, decide) => {
      const asked = new URL(req.url ?? "/", "http://tunnel")
      if (asked.pathname !== path) return decide(false, 404, `The tunnel is at ${path}`)
      if (req.headers.origin !== undefined) return decide(false, 403, "Not for pages")
      if (asked.searchParams.get("address") !== allowed)
        return decide(false, 403, `The tunnel leads to ${allowed} alone`)
      return decide(true)
    },
  })
  server.on("connection", (socket) => join(socket, allowed))
  await once(server, "listening")
  return {
    wsProxy: `127.0.0.1:${portOf(server.address())}${path}`,
    close: async () => {
      for (const socket of server.clients) socket.terminate()
      server.close()
      await once(server, "close")
    },
  }
}

/** Whichever end goes first takes the other with it, once what it sent has gone through. */
const join = (socket: WebSocket, address: string): void => {
  const { hostname, port } = new URL(`tcp://${address}`)
  const postgres = connect(Number(port), hostname.replaceAll(/[[\]]/g, ""))
  const client = createWebSocketStream(socket)
  postgres.on("error", () => socket.close(1011, "Postgres is away"))
  client.on("error", () => postgres.destroy())
  postgres.pipe(client).pipe(postgres)
  // Neon's client says goodbye and waits for Postgres to hang up; the Postgres in this process never would.
  client.on("data", (message: Buffer) => {
    if (message.equals(terminate)) postgres.end()
  })
}

/** The protocol's goodbye: X, and the length of what follows. Clients send it in a frame of its own. */
const terminate = Buffer.from([0x58, 0, 0, 0, 4])

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === "string") throw new Error("The tunnel has no port.")
  return address.port
}
