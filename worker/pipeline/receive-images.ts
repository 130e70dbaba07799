import type { Gateway } from "../gateway.ts"
import { fetchRemote } from "../images/fetch-remote.ts"
import type { ReceivedImage } from "../images/image.ts"
import { receiveImage } from "../images/limits.ts"
import { readSource } from "../images/read-source.ts"

/** A picture as the request gives it: text (data URL, base64 or https URL), or bytes of a form. */
export type ImageSource = string | Uint8Array<ArrayBuffer>

/** The bytes of every picture, in order, each with a header that was read and found within the limits. */
export const receiveImages = (
  sources: readonly ImageSource[],
  signal: AbortSignal,
  { ports, settings }: Pick<Gateway, "ports" | "settings">,
): Promise<readonly ReceivedImage[]> => {
  // What may come by address may be as much as what may come in the body.
  const budget = { limitBytes: settings.maxBodyBytes, leftBytes: settings.maxBodyBytes }
  return Promise.all(
    sources.map(async (source, index) => {
      if (typeof source !== "string") return receiveImage(index, source)
      const read = readSource(index, source)
      if ("bytes" in read) return receiveImage(index, read.bytes)
      const { fetch, resolveHost: resolve } = ports
      const options = { fetch, signal, budget, ...(resolve === undefined ? {} : { resolve }) }
      return receiveImage(index, await fetchRemote(index, read.url, options))
    }),
  )
}
