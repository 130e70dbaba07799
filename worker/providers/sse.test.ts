import { describe, expect, test } from "vitest"
import { createSseParser, readServerSentEvents, SseTooLong } from "./sse.ts"
import type { ServerSentEvent } from "./sse.ts"

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

const parse = (chunks: readonly Uint8Array[], maxLength?: number): ServerSentEvent[] => {
  const parser = createSseParser(maxLength)
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.flush()]
}

const data = (...texts: readonly string[]) => texts.map((text) => ({ event: "", data: text }))

describe("the event stream parser", () => {
  const stream = "\uFEFF: hello\nevent: delta\nid: 7\ndata: Gr\u00fc\u00dfe \u26a1\ndata:second\n\ndata: \u{1f50c}\n\n"
  const expected = [{ event: "delta", data: "Gr\u00fc\u00dfe \u26a1\nsecond" }, ...data("\u{1f50c}")]

  test.each([
    ["line feeds", "\n"],
    ["carriage returns and line feeds", "\r\n"],
    ["carriage returns", "\r"],
  ])("gives the same events wherever a stream with %s is split", (_, lineBreak) => {
    const bytes = encode(stream.replaceAll("\n", lineBreak))

    for (let at = 0; at <= bytes.length; at += 1) {
      expect(parse([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected)
    }
    expect(parse(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(expected)
  })

  test("gives an event as soon as its blank line is there, also when that line may still become CRLF", () => {
    const parser = createSseParser()

    expect(parser.push(encode("data: 1\r\r"))).toEqual(data("1"))
    expect(parser.push(encode("\ndata: 2\n\n"))).toEqual(data("2"))
  })

  test("gives several events of one chunk in order", () => {
    expect(parse([encode("data: 1\n\ndata: 2\n\n\n\ndata: 3\n\n")])).toEqual(data("1", "2", "3"))
  })

  test("removes one space after the colon, no more", () => {
    expect(parse([encode("data:  two\n\ndata:none\n\ndata\n\n")])).toEqual(data(" two", "none", ""))
  })

  test("gives nothing for comments, unknown fields and events without data", () => {
    expect(parse([encode(": ping\n\nretry: 10\n\nevent: lonely\n\n")])).toEqual([])
  })

  test("forgets an event's name when the event ends", () => {
    expect(parse([encode("event: a\n\ndata: 1\n\n")])).toEqual(data("1"))
  })

  test("gives the last event though its blank line is missing", () => {
    expect(parse([encode("data: 1\n\ndata: 2")])).toEqual(data("1", "2"))
  })

  test.each([
    ["one line", [`data: ${"x".repeat(101)}`]],
    ["a line in many chunks", Array.from({ length: 20 }, () => "data: x")],
    ["many lines without a blank one", Array.from({ length: 20 }, () => "data: 12345678\n")],
    ["a whole event in one chunk", [`data: ${"x".repeat(101)}\n\n`]],
  ])("refuses an event that is too long: %s", (_, chunks) => {
    const { push } = createSseParser(100)

    // Not at the end of the stream, which may never come, but as soon as it is too long.
    expect(() => chunks.map((chunk) => push(encode(chunk)))).toThrow(SseTooLong)
  })

  test("has no limit for the stream as a whole", () => {
    expect(
      parse(
        Array.from({ length: 50 }, () => encode("data: 12345678\n\n")),
        100,
      ),
    ).toHaveLength(50)
  })
})

describe("reading a body", () => {
  test("ends when the signal fires, though the body never does", async () => {
    const stop = new AbortController()
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(encode("data: 1\n\n")) })
    const events = readServerSentEvents(body, stop.signal)

    expect(await events.next()).toEqual({ done: false, value: { event: "", data: "1" } })
    const next = events.next()
    stop.abort()

    expect(await next).toEqual({ done: true, value: undefined })
  })

  test("lets the body go when its reader has enough, without waiting for it", async () => {
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(encode("data: 1\n\ndata: 2\n\n")),
      cancel: () => {
        cancelled = true
        return new Promise(() => undefined)
      },
    })

    for await (const event of readServerSentEvents(body, new AbortController().signal)) if (event.data === "1") break

    expect(cancelled).toBe(true)
  })
})
