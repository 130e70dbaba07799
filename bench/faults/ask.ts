/** How one request ended, as its client saw it. */
export interface Ending {
  /** `failed` before the first byte; `broken_off` after it. */
  readonly kind: "answered" | "failed" | "broken_off"
  readonly status: number
  readonly attempts: number
  readonly durationMs: number
  /** The gateway's own words, where it did not go well. */
  readonly said?: string
}

const patienceMs = 60_000
/** One white pixel, as a PNG: this bench is not about pictures. */
const image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="

/** Asks a question that was never asked before, whole or streamed, and looks at how it ends. */
export const ask = async (url: string, number: number, stream: boolean): Promise<Ending> => {
  const startedAt = performance.now()
  const end = (kind: Ending["kind"], status: number, attempts: number, said?: string): Ending => ({
    kind,
    status,
    attempts,
    durationMs: performance.now() - startedAt,
    ...(said === undefined ? {} : { said: said.slice(0, 600) }),
  })
  try {
    const response = await fetch(`${url}/v1/analyze`, {
      method: "POST",
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body: JSON.stringify({ query: `What is written in line ${number}?`, images: [image], stream }),
      signal: AbortSignal.timeout(patienceMs),
    })
    const attempts = Number(response.headers.get("x-voltgate-attempts") ?? 0)
    const text = await response.text()
    if (response.status !== 200) return end("failed", response.status, attempts, text)
    const isWhole = stream ? text.includes("\nevent: done\n") : text.includes('"finishReason"')
    return isWhole ? end("answered", 200, attempts) : end("broken_off", 200, attempts, text.slice(-600))
  } catch (error) {
    return end("failed", 0, 0, String(error))
  }
}
