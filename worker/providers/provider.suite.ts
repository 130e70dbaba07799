import { describe, expect, test } from "vitest"
import type { Usage } from "../../contract/analyze.ts"
import type { AttemptFailure } from "../../contract/record.ts"
import { collect, hanging, question, streaming, textOf, upstream } from "./fake-upstream.suite.ts"
import { ProviderFailure } from "./provider.ts"
import type { AnswerEvent, Provider, ProviderOptions } from "./provider.ts"
import { maxEventLength } from "./sse.ts"

const apiKey = "vg-secret-4711-abcdefgh"
const now = Date.parse("2026-11-25T12:00:00Z")

/** One wire format, as its provider really speaks it. */
export interface WireCase {
  readonly create: (options: ProviderOptions & { readonly apiKey: string }) => Provider
  readonly model: string
  /** A whole answer: "The breaker is " and then "Q3 – 16 A." */
  readonly stream: string
  readonly usage: Usage
  /** The stream's beginning, up to and with "The breaker is ". */
  readonly beginning: string
  /** An event that says "overloaded" in the middle of a stream. */
  readonly overloadedEvent: string
  /** The body of an error with this message. */
  readonly errorBody: (message: string) => unknown
  readonly errors: readonly ErrorCase[]
  /** The header that carries the key. */
  readonly keyHeader: string
}

export interface ErrorCase {
  readonly name: string
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly kind: AttemptFailure
  readonly retryAfterMs?: number
}

const answer = "The breaker is Q3 – 16 A."

const failureOf = async (events: AsyncIterable<AnswerEvent>): Promise<ProviderFailure> => {
  try {
    await collect(events)
  } catch (thrown) {
    if (thrown instanceof ProviderFailure) return thrown
    throw thrown
  }
  throw new Error("It answered.")
}

/** What every provider promises, whatever its wire format. */
export const describeProvider = (name: string, wire: WireCase): void => {
  const provider = (fetch: typeof globalThis.fetch): Provider =>
    wire.create({ name, apiKey, simulated: false, fetch, now: () => now })
  const ask = (fetch: typeof globalThis.fetch, signal = new AbortController().signal) =>
    provider(fetch).ask(wire.model, question(), signal)

  describe(`${name} as a provider`, () => {
    test("answers with its words, then its end and usage", async () => {
      const { fetch } = upstream(() => streaming(wire.stream))

      const events = await collect(ask(fetch))

      expect(events.slice(0, -1)).toEqual([
        { type: "text", text: "The breaker is " },
        { type: "text", text: "Q3 – 16 A." },
      ])
      expect(events.at(-1)).toEqual({ type: "end", finishReason: "stop", usage: wire.usage, model: wire.model })
    })

    test("reads the same answer wherever the stream is split", async () => {
      const bytes = new TextEncoder().encode(wire.stream)
      const answers = await Promise.all(
        Array.from(bytes.keys(), async (at) => {
          const { fetch } = upstream(() => streaming(bytes.slice(0, at), bytes.slice(at)))
          return textOf(await collect(ask(fetch)))
        }),
      )

      expect(new Set(answers)).toEqual(new Set([answer]))
    })

    test("reads an answer with CRLF line ends and comments, byte by byte", async () => {
      const stream = `: keep-alive\r\n\r\n${wire.stream.replaceAll("\n", "\r\n")}`
      const bytes = Array.from(new TextEncoder().encode(stream), (byte) => Uint8Array.of(byte))
      const { fetch } = upstream(() => streaming(...bytes))

      expect(textOf(await collect(ask(fetch)))).toBe(answer)
    })

    test("sends the key in a header, never in the URL, and follows no redirect with it", async () => {
      const { fetch, requests } = upstream(() => streaming(wire.stream))

      await collect(ask(fetch))

      expect(requests).toHaveLength(1)
      expect(requests[0]?.headers.get(wire.keyHeader)).toContain(apiKey)
      expect(requests[0]?.url).not.toContain(apiKey)
      expect(requests[0]?.redirect).toBe("manual")
    })

    test.each([
      ...wire.errors,
      { name: "a redirect", status: 302, headers: { location: "https://elsewhere.example" }, kind: "server_error" },
      { name: "a proxy's error page", status: 502, body: "<html>Bad gateway</html>", kind: "server_error" },
      { name: "a busy proxy", status: 503, headers: { "retry-after": "3" }, kind: "overloaded", retryAfterMs: 3000 },
      {
        name: "retry-after as a date",
        status: 429,
        headers: { "retry-after": "Wed, 25 Nov 2026 12:00:09 GMT" },
        kind: "rate_limited",
        retryAfterMs: 9000,
      },
      {
        name: "retry-after-ms",
        status: 429,
        headers: { "retry-after-ms": "250", "retry-after": "1" },
        kind: "rate_limited",
        retryAfterMs: 250,
      },
      { name: "a conflict", status: 409, kind: "server_error" },
      { name: "a request timeout", status: 408, kind: "server_error" },
    ] satisfies ErrorCase[])(
      "takes $name ($status) as $kind",
      async ({ status, headers = {}, body, kind, retryAfterMs }: ErrorCase) => {
        const text = typeof body === "string" ? body : JSON.stringify(body ?? wire.errorBody("No."))
        const { fetch, requests } = upstream(() => new Response(text, { status, headers }))

        const failure = await failureOf(ask(fetch))

        expect({ kind: failure.kind, status: failure.status, retryAfterMs: failure.retryAfterMs }).toEqual({
          kind,
          status,
          retryAfterMs,
        })
        expect(requests).toHaveLength(1)
      },
    )

    test("names the model that the provider does not know", async () => {
      const { fetch } = upstream(() => Response.json(wire.errorBody("not found"), { status: 404 }))

      const failure = await failureOf(ask(fetch))

      expect(failure.kind).toBe("server_error")
      expect(failure.message).toContain(`"${wire.model}"`)
    })

    test("keeps keys out of its messages, and cuts them at 300 characters of upstream text", async () => {
      const echo = `Incorrect API key provided: ${apiKey}, sk-proj-****wxyz, Bearer abc.def. ${"x".repeat(1000)}`
      const { fetch } = upstream(() => Response.json(wire.errorBody(echo), { status: 401 }))

      const failure = await failureOf(ask(fetch))

      expect(failure.kind).toBe("unauthorized")
      expect(failure.message).toContain("Incorrect API key provided: [key], [key], Bearer [key]")
      expect(failure.message.length).toBeLessThan(420)
      expect(failure.cause).toBeUndefined()
    })

    test("reads no more than the beginning of an endless error", async () => {
      let pulled = 0
      const endless = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          pulled += 1
          controller.enqueue(new Uint8Array(16_384).fill(120))
        },
      })
      const { fetch } = upstream(() => new Response(endless, { status: 500 }))

      const failure = await failureOf(ask(fetch))

      expect(failure.kind).toBe("server_error")
      expect(pulled).toBeLessThan(10)
    })

    test("takes a connection that fails as network, without the key that the error shows", async () => {
      const { fetch } = upstream(() => {
        throw new TypeError("fetch failed", { cause: new Error(`ECONNREFUSED, header ${apiKey}`) })
      })

      const failure = await failureOf(ask(fetch))

      expect(failure.kind).toBe("network")
      expect(failure.message).toContain("ECONNREFUSED, header [key]")
    })

    test.each([
      ["a page of HTML", () => new Response("<html></html>", { headers: { "content-type": "text/html" } })],
      ["events that are not JSON", () => streaming("data: {oops\n\n")],
      ["events of another shape", () => streaming('data: ["surprise"]\n\n')],
      ["nothing at all", () => streaming("")],
      ["no body", () => new Response(null, { headers: { "content-type": "text/event-stream" } })],
      ["an event without end", () => streaming(`data: ${"x".repeat(maxEventLength)}`, "xx")],
    ])("takes %s as garbage", async (_, respond) => {
      const { fetch } = upstream(respond)

      expect((await failureOf(ask(fetch))).kind).toBe("garbage")
    })

    test.each([
      ["ends too early", ""],
      ["turns into garbage", "data: {oops\n\n"],
      ["reports an error", wire.overloadedEvent],
    ])("takes an answer that %s after the first word as cut off, and keeps the words", async (_, rest) => {
      const { fetch } = upstream(() => streaming(wire.beginning, rest))
      const words: AnswerEvent[] = []

      const reading = (async () => {
        for await (const event of ask(fetch)) words.push(event)
      })()

      await expect(reading).rejects.toMatchObject({ kind: "cut_off" })
      expect(textOf(words)).toBe("The breaker is ")
    })

    test("takes an error in the stream before the first word for what it says", async () => {
      const { fetch } = upstream(() => streaming(wire.overloadedEvent))

      expect((await failureOf(ask(fetch))).kind).toBe("overloaded")
    })

    test("stops the upstream request when the signal fires, and passes on why", async () => {
      const { response, cancelled } = hanging(wire.beginning)
      const { fetch, requests } = upstream(() => response)
      const client = new AbortController()
      const events = ask(fetch, client.signal)[Symbol.asyncIterator]()
      await events.next()

      const next = events.next()
      const reason = new ProviderFailure("idle_timeout", "Too slow.")
      client.abort(reason)

      await expect(next).rejects.toBe(reason)
      expect(requests[0]?.signal.aborted).toBe(true)
      await cancelled
    })

    test("takes any other reason of the signal as a client who left", async () => {
      const { fetch } = upstream(
        ({ signal }) =>
          new Promise((_, reject) =>
            signal.addEventListener("abort", () => reject(new DOMException("", "AbortError"))),
          ),
      )
      const client = new AbortController()
      const failure = failureOf(ask(fetch, client.signal))
      setTimeout(() => client.abort(), 0)

      expect((await failure).kind).toBe("client_left")
    })

    test("asks nobody when the signal has fired before", async () => {
      const { fetch, requests } = upstream(() => streaming(wire.stream))

      expect((await failureOf(ask(fetch, AbortSignal.abort()))).kind).toBe("client_left")
      expect(requests).toHaveLength(0)
    })

    test("stops the upstream request when the caller has enough", async () => {
      const { response, cancelled } = hanging(wire.beginning)
      const { fetch, requests } = upstream(() => response)

      for await (const event of ask(fetch)) if (event.type === "text") break

      expect(requests[0]?.signal.aborted).toBe(true)
      await cancelled
    })

    test("refuses to send a picture that the wire does not take, before any request", async () => {
      const { fetch, requests } = upstream(() => streaming(wire.stream))
      const avif = question({ images: [{ index: 0, bytes: new Uint8Array(3), format: "avif" }] })

      const failure = await failureOf(provider(fetch).ask(wire.model, avif, new AbortController().signal))

      expect(failure.kind).toBe("image_not_accepted")
      expect(failure.message).toContain("avif")
      expect(requests).toHaveLength(0)
    })
  })
}
