import { expect, test } from "vitest"
import { parseJson, readBody } from "./read-body.ts"

const post = (body: string | ReadableStream, headers: Record<string, string> = {}): Request =>
  new Request("http://localhost/", { method: "POST", body, headers, duplex: "half" })

test("a body within the limit arrives whole", async () => {
  expect(new TextDecoder().decode(await readBody(post("abc"), 3))).toBe("abc")
})

test("a body that announces too much is refused before it is read", async () => {
  await expect(readBody(post("abcd", { "content-length": "4" }), 3)).rejects.toMatchObject({ code: "body_too_large" })
})

test("a body that grows beyond the limit is refused and left unread, whatever it announced", async () => {
  let sent = 0
  let cancelled = false
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent++
      controller.enqueue(new Uint8Array(1024))
    },
    cancel: () => {
      cancelled = true
    },
  })
  await expect(readBody(post(endless), 10_000)).rejects.toMatchObject({ code: "body_too_large" })
  expect(sent).toBeLessThan(20)
  expect(cancelled).toBe(true)
})

test.each(["", "{", '{"a":1,}', "\xff"])("malformed JSON %j is a clear error", (text) => {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
  expect(() => parseJson(bytes)).toThrow(/not valid JSON/)
})
