/** The most that is read of an error's body. */
const maxErrorBytes = 65_536

/**
 * A fetch for talking to providers. It follows no redirect, because a key in a header of its own (`x-api-key`,
 * `x-goog-api-key`) would be sent on to wherever it leads, and it reads no more than 64 KiB of an error's body.
 */
export const guardFetch =
  (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
  async (input, init) => {
    const response = await fetch(input, { ...init, redirect: "manual" })
    if (response.ok || response.body === null) return response
    const { status, headers } = response
    // 304 and its like may carry no body in a Response that we make.
    if (status < 400) return new Response(null, { status, headers })
    return new Response(await readUpTo(maxErrorBytes, response.body), { status, headers: withoutLength(headers) })
  }

const readUpTo = async (maxBytes: number, body: ReadableStream<Uint8Array>): Promise<string> => {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ""
  let sizeBytes = 0
  try {
    for (let next = await reader.read(); !next.done && sizeBytes < maxBytes; next = await reader.read()) {
      text += decoder.decode(next.value.subarray(0, maxBytes - sizeBytes), { stream: true })
      sizeBytes += next.value.length
    }
  } catch {
    // The status tells enough; a body that breaks off must not hide it.
  }
  reader.cancel().catch(() => undefined)
  return text
}

const withoutLength = (headers: Headers): Headers => {
  const kept = new Headers(headers)
  for (const name of ["content-length", "content-encoding", "transfer-encoding"]) kept.delete(name)
  return kept
}
