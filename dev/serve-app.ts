import type { AddressInfo } from "node:net"
import { serve } from "@hono/node-server"
import type { Hono } from "hono"

export interface ServedApp {
  readonly url: string
  readonly port: number
  /** Stops listening and ends every connection. */
  readonly close: () => Promise<void>
}

/** Serves an app on this machine only; port 0 takes any free one. Rejects when the port is taken. */
export const serveApp = async (app: Hono, port: number): Promise<ServedApp> => {
  const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" })
  const address = await new Promise<AddressInfo>((resolve, reject) => {
    server.once("error", reject)
    server.once("listening", () => {
      const listening = server.address()
      if (listening !== null && typeof listening === "object") resolve(listening)
    })
  })
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ("closeAllConnections" in server) server.closeAllConnections()
      }),
  }
}
