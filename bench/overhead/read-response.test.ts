import { expect, test } from "vitest"
import { createResponseReader } from "./read-response.ts"
import type { ReadResponse } from "./read-response.ts"

/** Feeds a response in pieces of a size; undefined as long as it is not whole. */
const readInPieces = (text: string, sizeBytes: number): readonly (ReadResponse | undefined)[] => {
  const reader = createResponseReader()
  const bytes = Buffer.from(text)
  return Array.from({ length: Math.ceil(bytes.length / sizeBytes) }, (_, index) =>
    reader.take(bytes.subarray(index * sizeBytes, (index + 1) * sizeBytes)),
  )
}

const sized = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx-voltgate-cache: hit\r\n\r\nhello"
const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na: 0\r\n3\r\n\n\nb\r\n0\r\n\r\n"

test.each([
  ["an announced length", sized],
  ["chunks", chunked],
])("a response with %s is whole at its last byte, wherever it is cut", (_, text) => {
  for (const sizeBytes of [1, 2, 3, 7, 1000]) {
    const results = readInPieces(text, sizeBytes)
    expect(results.slice(0, -1).every((result) => result === undefined)).toBe(true)
    expect(results.at(-1)?.head).toMatch(/^HTTP\/1\.1 200 OK/)
  }
})

test("the time of the first byte is that of the body, not of the headers", () => {
  const reader = createResponseReader()
  reader.take(Buffer.from(sized.slice(0, -5)))
  const headersReadAt = performance.now()
  const response = reader.take(Buffer.from("hello"))
  expect(response?.firstByteAt).toBeGreaterThanOrEqual(headersReadAt)
  expect(response?.excerpt).toBe("hello")
})

test("reads one response after the other", () => {
  const reader = createResponseReader()
  expect(reader.take(Buffer.from(chunked))).toBeDefined()
  expect(reader.take(Buffer.from(sized))?.excerpt).toBe("hello")
})
