import type { AnswerEvent, Prompt } from "./provider.ts"

export interface SentRequest {
  readonly url: string
  readonly headers: Headers
  readonly body: unknown
  readonly signal: AbortSignal
  readonly redirect: string | undefined
}

export interface FakeUpstream {
  readonly fetch: typeof fetch
  readonly requests: readonly SentRequest[]
}

/** Stands in for the network: notes each request and answers as told. */
export const upstream = (answer: (request: SentRequest) => Response | Promise<Response>): FakeUpstream => {
  const requests: SentRequest[] = []
  return {
    requests,
    fetch: async (input, init) => {
      const signal = init?.signal
      if (!(signal instanceof AbortSignal)) throw new Error("A request without a signal cannot be stopped.")
      if (typeof init?.body !== "string") throw new Error("A request's body is expected as text.")
      const body: unknown = JSON.parse(init.body)
      const request = {
        url: input instanceof Request ? input.url : input.toString(),
        headers: new Headers(init.headers),
        body,
        signal,
        redirect: init.redirect,
      }
      requests.push(request)
      return answer(request)
    },
  }
}

/** An event stream that comes in these pieces and ends. */
export const streaming = (...pieces: readonly (string | Uint8Array)[]): Response =>
  eventStream(
    new ReadableStream({
      start: (controller) => {
        for (const piece of pieces)
          controller.enqueue(typeof piece === "string" ? new TextEncoder().encode(piece) : piece)
        controller.close()
      },
    }),
  )

/** An event stream that goes silent after these words; `cancelled` settles when it is let go. */
export const hanging = (words: string): { readonly response: Response; readonly cancelled: Promise<void> } => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const body = new ReadableStream({
    start: (controller) => {
      if (words !== "") controller.enqueue(new TextEncoder().encode(words))
    },
    cancel: () => resolve(),
  })
  return { response: eventStream(body), cancelled: promise }
}

const eventStream = (body: ReadableStream<Uint8Array>): Response =>
  new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } })

export const sse = (...events: readonly (string | object)[]): string =>
  events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join("")

interface NamedEvent {
  readonly type: string
  readonly [field: string]: unknown
}

export const namedSse = (...events: readonly NamedEvent[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("")

export const collect = async (events: AsyncIterable<AnswerEvent>): Promise<AnswerEvent[]> => {
  const collected: AnswerEvent[] = []
  for await (const event of events) collected.push(event)
  return collected
}

export const textOf = (events: readonly AnswerEvent[]): string =>
  events.map((event) => (event.type === "text" ? event.text : "")).join("")

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text))

/** A question about one picture, and what a test wants to be different. */
export const question = (changes: Partial<Prompt> = {}): Prompt => ({
  system: "Answer briefly.",
  turns: [
    {
      role: "user",
      parts: [
        { type: "text", text: "Which breaker?" },
        { type: "image", image: 0 },
      ],
    },
  ],
  images: [{ index: 0, bytes: bytes("picture"), format: "png" }],
  detail: "high",
  ...changes,
})

/** `picture` in base64. */
export const pictureBase64 = "cGljdHVyZQ=="
