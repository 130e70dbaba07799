/** One server-sent event; `event` is empty where the server named none. */
export interface ServerSentEvent {
  readonly event: string
  readonly data: string
}

export interface SseParser {
  /** The events that this chunk completes. A chunk may end anywhere, also inside a character or a line break. */
  readonly push: (chunk: Uint8Array) => readonly ServerSentEvent[]
  /** The event that the stream ended in, if any: some servers leave out the last blank line. */
  readonly flush: () => readonly ServerSentEvent[]
}

/** The most that one event may hold, in UTF-16 units; a provider that never ends a line must not fill our memory. */
export const maxEventLength = 1_048_576

/** The stream holds an event longer than `maxEventLength`. */
export class SseTooLong extends Error {
  override readonly name = "SseTooLong"
}

/** Reads the event stream format: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
export const createSseParser = (maxLength: number = maxEventLength): SseParser => {
  const decoder = new TextDecoder()
  let line = ""
  let afterCarriageReturn = false
  let event = ""
  let data: string[] = []
  let dataLength = 0

  const endEvent = (): readonly ServerSentEvent[] => {
    const ended = data.length > 0 ? [{ event, data: data.join("\n") }] : []
    event = ""
    data = []
    dataLength = 0
    return ended
  }

  const takeLine = (text: string): readonly ServerSentEvent[] => {
    if (text === "") return endEvent()
    const colon = text.indexOf(":")
    const field = colon < 0 ? text : text.slice(0, colon)
    const value = colon < 0 ? "" : text.slice(text.startsWith(": ", colon) ? colon + 2 : colon + 1)
    if (field === "event") event = value
    if (field === "data") {
      data.push(value)
      dataLength += value.length
    }
    return []
  }

  const takeText = (text: string): readonly ServerSentEvent[] => {
    if (text === "") return []
    const events: ServerSentEvent[] = []
    // A line feed that opens this chunk belongs to the carriage return that closed the one before.
    let from = afterCarriageReturn && text.startsWith("\n") ? 1 : 0
    for (const { 0: lineBreak, index } of text.matchAll(/\r\n|\n|\r/g)) {
      if (index < from) continue
      line += text.slice(from, index)
      if (line.length + dataLength > maxLength) throw tooLong(maxLength)
      events.push(...takeLine(line))
      line = ""
      from = index + lineBreak.length
    }
    line += text.slice(from)
    if (line.length + dataLength > maxLength) throw tooLong(maxLength)
    afterCarriageReturn = text.endsWith("\r")
    return events
  }

  return {
    push: (chunk) => takeText(decoder.decode(chunk, { stream: true })),
    flush: () => [...takeText(`${decoder.decode()}\n`), ...endEvent()],
  }
}

const tooLong = (maxLength: number) => new SseTooLong(`One event is longer than ${maxLength} characters.`)

/**
 * The events of a response body. Lets the body go when the caller stops early, and ends quietly when `signal` fires,
 * even if the body would never settle: whoever owns the signal knows why.
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  const parser = createSseParser()
  const reader = body.getReader()
  // Not awaited: a body may take for ever to be cancelled, and nobody needs to know when it was.
  const letGo = (): void => void reader.cancel().catch(() => undefined)
  signal.addEventListener("abort", letGo, { once: true })
  try {
    if (signal.aborted) return
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield* parser.push(next.value)
    if (!signal.aborted) yield* parser.flush()
  } finally {
    signal.removeEventListener("abort", letGo)
    letGo()
  }
}
