import { createServer } from "node:http"
import type { IncomingMessage, ServerResponse } from "node:http"

export interface LoopbackServer {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Listens on a free port of this machine; `close` ends its connections too. */
export const startLoopbackServer = async (
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<LoopbackServer> => {
  const server = createServer((request, response) => {
    const answered = async (): Promise<void> => answer(request, response)
    answered().catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", resolve)
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The server has no port.")
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export const readAll = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
