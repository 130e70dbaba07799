/** What a response looked like on its way in. */
export interface ReadResponse {
  /** The status line and the headers. */
  readonly head: string
  /** When the first byte of the body came, by `performance.now()`. */
  readonly firstByteAt: number
  /** The start of the body, for error messages. */
  readonly excerpt: string
}

export interface ResponseReader {
  /** Takes what the socket gives; a response once it is whole. */
  readonly take: (chunk: Buffer) => ReadResponse | undefined
}

const headEnd = Buffer.from("\r\n\r\n")
const lastChunk = "0\r\n\r\n"

/**
 * Reads HTTP/1.1 responses of one connection, one at a time. Node's own client takes more time for a request than
 * workerd does, and would take it from the very cores that are measured. This one leans on what the bench's servers
 * send: the content's length or chunks, and no carriage return within a chunk.
 */
export const createResponseReader = (): ResponseReader => {
  let head: Buffer = Buffer.alloc(0)
  let open: { head: string; lengthBytes: number | undefined; firstByteAt: number; excerpt: string } | undefined
  let sizeBytes = 0
  let tail = ""

  const takeBody = (chunk: Buffer): ReadResponse | undefined => {
    if (open === undefined) return undefined
    if (chunk.length > 0 && open.firstByteAt === 0) {
      open.firstByteAt = performance.now()
      open.excerpt = chunk.toString("latin1", 0, 300)
    }
    sizeBytes += chunk.length
    tail = (tail + chunk.toString("latin1", Math.max(0, chunk.length - lastChunk.length))).slice(-lastChunk.length)
    const isWhole = open.lengthBytes === undefined ? tail === lastChunk : sizeBytes >= open.lengthBytes
    if (!isWhole) return undefined
    const whole = open
    head = Buffer.alloc(0)
    open = undefined
    sizeBytes = 0
    tail = ""
    return whole
  }

  return {
    take: (chunk) => {
      if (open !== undefined) return takeBody(chunk)
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      const end = head.indexOf(headEnd)
      if (end === -1) return undefined
      const lines = head.toString("latin1", 0, end)
      const length = /\r\ncontent-length: *(\d+)/i.exec(lines)?.[1]
      open = {
        head: lines,
        lengthBytes: length === undefined ? undefined : Number(length),
        firstByteAt: 0,
        excerpt: "",
      }
      return takeBody(head.subarray(end + headEnd.length))
    },
  }
}
