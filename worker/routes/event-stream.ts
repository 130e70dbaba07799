const encoder = new TextEncoder()

/**
 * A response that sends one server-sent event (WHATWG HTML, section 9.2) per item, as they come. When the client leaves,
 * the source is returned early, which ends the request to the provider. A failure in mid-stream becomes one last event,
 * because the status line is long gone.
 */
export const eventStream = (
  events: AsyncIterable<string>,
  onFailure: (error: unknown) => string,
  headers: Readonly<Record<string, string>>,
): Response => {
  const source = events[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await source.next()
        if (next.done === true) controller.close()
        else controller.enqueue(encoder.encode(next.value))
      } catch (error) {
        controller.enqueue(encoder.encode(onFailure(error)))
        controller.close()
      }
    },
    async cancel() {
      await source.return?.()
    },
  })
  return new Response(body, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache", ...headers },
  })
}
