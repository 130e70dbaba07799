import { expect, test } from "vitest"
import { png } from "../images/tiny-images.suite.ts"
import { receiveImages } from "./receive-images.ts"

const receive = (answer: () => Response, addresses: readonly string[] = ["https://example.com/a.png"]) =>
  receiveImages(addresses, new AbortController().signal, {
    ports: { fetch: async () => answer() },
    settings: { maxBodyBytes: 30_000_000 },
  } as unknown as Parameters<typeof receiveImages>[2])

test.each(["text/html", "application/octet-stream", "image/jpeg"])(
  "knows a fetched picture by its bytes, whatever its server calls it: %s",
  async (type) => {
    const [image] = await receive(() => new Response(png(), { headers: { "content-type": type } }))
    expect(image?.header).toMatchObject({ format: "png", widthPx: 640 })
  },
)

test.each([
  ["a page", "<!doctype html><title>Sign in</title>"],
  ["an SVG, which could fetch more", "<svg xmlns='http://www.w3.org/2000/svg'/>"],
  ["a PDF", "%PDF-1.7 …"],
])("takes no %s for a picture because its server says image/png", async (_, text) => {
  const outcome = receive(() => new Response(text, { headers: { "content-type": "image/png" } }))
  await expect(outcome).rejects.toMatchObject({ code: "image_unsupported_type", status: 415 })
})

test("refuses a bomb behind an address by its header, with the numbers", async () => {
  const outcome = receive(() => new Response(png({ widthPx: 30_000, heightPx: 30_000 })))
  await expect(outcome).rejects.toMatchObject({
    code: "image_too_large",
    status: 413,
    message: expect.stringContaining("30000 × 30000 px"),
  })
})

test("downloads no more for all pictures together than a body may hold", async () => {
  const addresses = Array.from({ length: 16 }, (_, i) => `https://example.com/${i}.png`)
  const large = new Uint8Array(3_000_000)
  large.set(png())
  const outcome = receive(() => new Response(large), addresses)
  await expect(outcome).rejects.toMatchObject({ code: "image_too_large", message: expect.stringContaining("together") })
})
