import { GatewayError } from "../errors.ts"

/** Reads a whole body of at most `maxBytes`; a larger one is refused as soon as that shows, whatever its header says. */
export const readBody = async (request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> => {
  const announced = request.headers.get("content-length")
  if (announced === null) return readUnannounced(request, maxBytes)
  if (Number(announced) > maxBytes) throw tooLarge(Number(announced), maxBytes)
  // HTTP ends a body at its announced length. One native read costs a third of reading a megabyte piece by piece.
  return request.bytes()
}

const readUnannounced = async ({ body }: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> => {
  if (body === null) return new Uint8Array(0)
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for (const reader = body.getReader(); ;) {
    const next = await reader.read()
    if (next.done) break
    sizeBytes += next.value.byteLength
    if (sizeBytes > maxBytes) {
      await reader.cancel()
      throw tooLarge(sizeBytes, maxBytes)
    }
    chunks.push(next.value)
  }
  const bytes = new Uint8Array(sizeBytes)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

/** A body as JSON; malformed JSON is refused with the parser's own words, which name the place. */
export const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch (cause) {
    const where = cause instanceof Error ? ` (${cause.message})` : ""
    throw new GatewayError("invalid_json", `The body is not valid JSON in UTF-8${where}.`, { cause })
  }
}

const megabytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1)

const tooLarge = (sizeBytes: number, maxBytes: number): GatewayError =>
  new GatewayError(
    "body_too_large",
    `The body has ${megabytes(sizeBytes)} MiB or more; at most ${megabytes(maxBytes)} MiB are taken. Send fewer or smaller pictures.`,
  )
