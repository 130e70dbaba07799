import { once } from "node:events"
import { connect } from "node:net"
import type { Socket } from "node:net"
import { createResponseReader } from "./read-response.ts"
import type { ReadResponse } from "./read-response.ts"

export interface Load {
  readonly port: number
  /** Makes a whole HTTP/1.1 request. */
  readonly request: () => Buffer
  /** Counts the answers whose head fits. */
  readonly asNamed: RegExp
  /** Each keeps one request in flight. */
  readonly connections: number
  /** No request begins later; those in flight are awaited. */
  readonly seconds: number
}

/** One entry for each request, unsorted, in milliseconds. */
export interface Timings {
  readonly wholeMs: readonly number[]
  readonly firstByteMs: readonly number[]
  /** How many answers were what they should be. */
  readonly asNamed: number
  readonly elapsedS: number
}

/** Sends requests on connections that stay open. Rejects at the first answer that is not 200, or when one breaks off. */
export const runLoad = async ({ port, request, asNamed, connections, seconds }: Load): Promise<Timings> => {
  const wholeMs: number[] = []
  const firstByteMs: number[] = []
  let asNamedCount = 0
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)))
  const startedAt = performance.now()
  const endsAt = startedAt + seconds * 1000
  try {
    await Promise.all(
      sockets.map(async (socket) => {
        const ask = createAsker(socket, request)
        do {
          const sentAt = performance.now()
          const { head, firstByteAt, excerpt } = await ask()
          if (!head.startsWith("HTTP/1.1 200")) throw new Error(`Port ${port} answered ${head}\n\n${excerpt}`)
          wholeMs.push(performance.now() - sentAt)
          if (asNamed.test(head)) asNamedCount++
          firstByteMs.push(firstByteAt - sentAt)
        } while (performance.now() < endsAt)
      }),
    )
  } finally {
    for (const socket of sockets) socket.destroy()
  }
  return { wholeMs, firstByteMs, asNamed: asNamedCount, elapsedS: (performance.now() - startedAt) / 1000 }
}

/** One request on a connection of its own. */
export const askOnce = async (port: number, request: Buffer): Promise<ReadResponse> => {
  const socket = await open(port)
  try {
    return await createAsker(socket, () => request)()
  } finally {
    socket.destroy()
  }
}

const open = async (port: number): Promise<Socket> => {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true })
  await once(socket, "connect")
  return socket
}

const createAsker = (socket: Socket, request: () => Buffer): (() => Promise<ReadResponse>) => {
  const reader = createResponseReader()
  let waiting: PromiseWithResolvers<ReadResponse> | undefined
  socket.on("data", (chunk) => {
    const response = reader.take(chunk)
    if (response !== undefined) waiting?.resolve(response)
  })
  socket.on("error", (error) => waiting?.reject(error))
  socket.on("close", () => waiting?.reject(new Error("The connection was closed before the answer was whole.")))
  return () => {
    waiting = Promise.withResolvers()
    socket.write(request())
    return waiting.promise
  }
}
