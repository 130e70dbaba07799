// The provider that every variant asks: a process of its own that answers at once and always the same.
import { createServer } from "node:http"
import type { ServerResponse } from "node:http"

const chunkCount = 20
/** Far enough apart that each is a read of its own for the proxy, as the tokens of a model are. */
const chunkEveryMs = 2

const text = "The panel feeds twelve circuits; breaker Q3 is rated 16 A, curve C, and serves the sockets of room 2. "

const completion = JSON.stringify({
  id: "chatcmpl-bench",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "bench",
  choices: [{ index: 0, message: { role: "assistant", content: text.repeat(6) }, finish_reason: "stop" }],
  usage: { prompt_tokens: 300, completion_tokens: 120, total_tokens: 420 },
})

const toEvent = (choice: object, usage?: object): string =>
  `data: ${JSON.stringify({
    id: "chatcmpl-bench",
    object: "chat.completion.chunk",
    created: 1_700_000_000,
    model: "bench",
    choices: usage === undefined ? [{ index: 0, ...choice }] : [],
    ...(usage === undefined ? {} : { usage }),
  })}\n\n`

const events = [
  ...Array.from({ length: chunkCount - 1 }, () => toEvent({ delta: { content: text.slice(0, 24) } })),
  toEvent({ delta: {}, finish_reason: "stop" }) +
    toEvent({}, { prompt_tokens: 300, completion_tokens: 120 }) +
    "data: [DONE]\n\n",
]

/** The first event comes with the headers, so that what is measured as its delay is the proxy's alone. */
const stream = (response: ServerResponse): void => {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" })
  const send = (index: number): void => {
    if (response.destroyed) return
    if (index === events.length - 1) return void response.end(events[index])
    response.write(events[index] ?? "")
    setTimeout(() => send(index + 1), chunkEveryMs)
  }
  send(0)
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    if (Buffer.concat(chunks).includes('"stream":true')) return stream(response)
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(completion) })
    response.end(completion)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address !== null && typeof address === "object") console.log(`port ${address.port}`)
})
process.stdin.resume().on("end", () => process.exit())
