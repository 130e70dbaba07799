import type { LoopbackServer } from "./loopback-server.ts"
import { readAll, startLoopbackServer } from "./loopback-server.ts"

export type Mood = "well" | "silent" | "resetting"

export interface FlakyProxy extends LoopbackServer {
  readonly set: (mood: Mood) => void
}

/** Stands before a server and, when told to, answers nothing or resets every connection. */
export const startFlakyProxy = async (targetUrl: string): Promise<FlakyProxy> => {
  let mood: Mood = "well"
  const server = await startLoopbackServer(async (request, response) => {
    if (mood === "resetting") {
      request.socket.destroy()
      return
    }
    const body = await readAll(request)
    if (mood === "silent") return
    const { host: _, connection: __, "content-length": ___, ...headers } = request.headers
    const answer = await fetch(`${targetUrl}${request.url}`, {
      method: request.method ?? "GET",
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
    })
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "application/json" })
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  return {
    ...server,
    set: (next) => {
      mood = next
    },
  }
}
