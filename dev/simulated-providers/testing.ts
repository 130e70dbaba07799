import sharp from "sharp"
import { type SimulatedProviders, type SimulatedProvidersOptions, startSimulatedProviders } from "./server.ts"

/** A grey picture of this size; as bytes that really decode. */
export const picture = async (
  widthPx: number,
  heightPx: number,
  format: "png" | "jpeg" | "webp" | "gif" | "tiff" = "png",
): Promise<Buffer> =>
  sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: "#808080" } })
    .toFormat(format)
    .toBuffer()

export const dataUrl = (bytes: Buffer, mediaType = "image/png"): string =>
  `data:${mediaType};base64,${bytes.toString("base64")}`

/** Runs `work` against a server that answers at once, and closes it whatever happens. */
export const withProviders = async (
  work: (providers: SimulatedProviders) => Promise<void>,
  options: SimulatedProvidersOptions = {},
): Promise<void> => {
  const providers = await startSimulatedProviders({ speed: 0, ...options })
  try {
    await work(providers)
  } finally {
    await providers.close()
  }
}

/** Lets `calls` waits pass at once; every later one lasts until its caller leaves. */
export const freezeAfter = (calls: number): NonNullable<SimulatedProvidersOptions["wait"]> => {
  let made = 0
  return async (_ms, signal) => {
    made += 1
    if (made <= calls || signal.aborted) return
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }))
  }
}

export interface Sent {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Posts JSON, or text as it is. */
export const post = async (url: string, headers: Readonly<Record<string, string>>, body: unknown): Promise<Sent> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
