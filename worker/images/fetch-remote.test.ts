import { expect, test } from "vitest"
import { fetchRemote } from "./fetch-remote.ts"
import { png } from "./tiny-images.suite.ts"

type Answer = (url: string, init: RequestInit) => Response | Promise<Response>

/** A fetch that answers from a table and remembers what it was asked. */
const answering = (answer: Answer): { readonly fetch: typeof fetch; readonly asked: string[] } => {
  const asked: string[] = []
  return {
    asked,
    fetch: async (input, init = {}) => {
      const url = input instanceof Request ? input.url : String(input)
      asked.push(url)
      return answer(url, init)
    },
  }
}

const redirectTo = (location: string, status = 302): Response =>
  new Response("moved", { status, headers: { location } })

test("gives the bytes behind a public address", async () => {
  const { fetch, asked } = answering(() => new Response(png(), { headers: { "content-type": "text/plain" } }))
  const bytes = await fetchRemote(0, "https://example.com/a.png", { fetch })
  expect(bytes).toEqual(png())
  expect(asked).toEqual(["https://example.com/a.png"])
})

test("never lets fetch follow a redirect by itself", async () => {
  const seen: (RequestInit["redirect"] | undefined)[] = []
  const { fetch } = answering((_, init) => {
    seen.push(init.redirect)
    return new Response(png())
  })
  await fetchRemote(0, "https://example.com/a.png", { fetch })
  expect(seen).toEqual(["manual"])
})

test("follows three redirects, relative ones too", async () => {
  const hops: Readonly<Record<string, Response>> = {
    "https://example.com/a": redirectTo("/b", 301),
    "https://example.com/b": redirectTo("https://cdn.example.com/c", 307),
    "https://cdn.example.com/c": redirectTo("//img.example.com/d", 303),
    "https://img.example.com/d": new Response(png()),
  }
  const { fetch } = answering((url) => hops[url] ?? new Response("", { status: 404 }))
  expect(await fetchRemote(0, "https://example.com/a", { fetch })).toEqual(png())
})

test("gives up at the fourth redirect", async () => {
  const { fetch, asked } = answering(() => redirectTo("https://example.com/again"))
  const outcome = fetchRemote(1, "https://example.com/a", { fetch })
  await expect(outcome).rejects.toMatchObject({
    code: "image_fetch_failed",
    message: expect.stringContaining("more than 3"),
  })
  expect(asked).toHaveLength(4)
})

test.each([
  ["a private address", "https://10.0.0.1/a.png", "private"],
  ["a name of a local network", "https://db.internal/a.png", "internal"],
  ["plain http", "http://example.com/a.png", "not https"],
  ["something that is no URL", "https://", "not a URL"],
])("refuses %s without asking it", async (_, address, why) => {
  const { fetch, asked } = answering(() => new Response(png()))
  const outcome = fetchRemote(2, address, { fetch })
  await expect(outcome).rejects.toMatchObject({
    code: "image_fetch_refused",
    status: 400,
    message: expect.stringContaining(why),
  })
  await expect(outcome).rejects.toThrow("images[2]")
  expect(asked).toEqual([])
})

test.each([
  "https://169.254.169.254/latest/meta-data",
  "http://example.com/a.png",
  "https://134744072/",
  "//localhost/",
])("refuses to be redirected to %s", async (location) => {
  const { fetch, asked } = answering(() => redirectTo(location))
  const outcome = fetchRemote(0, "https://example.com/a.png", { fetch })
  await expect(outcome).rejects.toMatchObject({
    code: "image_fetch_refused",
    message: expect.stringContaining("after a redirect"),
  })
  expect(asked).toEqual(["https://example.com/a.png"])
})

test("refuses a public name that resolves to a private address, where names can be resolved", async () => {
  const { fetch, asked } = answering(() => new Response(png()))
  const resolve = async (): Promise<readonly string[]> => ["93.184.215.14", "fd00::1"]
  const outcome = fetchRemote(0, "https://rebind.example.com/a.png", { fetch, resolve })
  await expect(outcome).rejects.toMatchObject({
    code: "image_fetch_refused",
    message: expect.stringContaining("private"),
  })
  expect(asked).toEqual([])
})

test.each([404, 401, 500, 304])("says that the server answered %i", async (status) => {
  const { fetch } = answering(() => new Response(null, { status }))
  const outcome = fetchRemote(5, "https://example.com/a.png?signature=s3cret", { fetch })
  await expect(outcome).rejects.toMatchObject({
    code: "image_fetch_failed",
    status: 422,
    message: expect.stringContaining(`${status}`),
  })
  await expect(outcome).rejects.not.toThrow("s3cret")
})

test("says that a redirect without an address leads nowhere", async () => {
  const { fetch } = answering(() => new Response(null, { status: 302 }))
  await expect(fetchRemote(0, "https://example.com/a", { fetch })).rejects.toThrow("without saying where")
})

test("stops reading as soon as there is too much, whatever length was stated", async () => {
  let [pulled, cancelled] = [0, false]
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled++
      controller.enqueue(new Uint8Array(1_000_000))
    },
    cancel: () => {
      cancelled = true
    },
  })
  const { fetch } = answering(() => new Response(endless, { headers: { "content-length": "10" } }))
  const outcome = fetchRemote(0, "https://example.com/a.png", { fetch })
  await expect(outcome).rejects.toMatchObject({
    code: "image_too_large",
    status: 413,
    message: expect.stringContaining("20 MB"),
  })
  expect(cancelled).toBe(true)
  expect(pulled).toBeLessThan(30)
})

/** Answers headers at once and then nothing until it is aborted. */
const hanging: Answer = (_, { signal }) => {
  signal?.throwIfAborted()
  const start = (controller: ReadableStreamDefaultController): void =>
    signal?.addEventListener("abort", () => controller.error(signal.reason))
  return new Response(new ReadableStream({ start }))
}

test("gives up on a server that falls silent within its answer", async () => {
  const { fetch } = answering(hanging)
  const outcome = fetchRemote(0, "https://example.com/a.png", { fetch, timeoutMs: 5 })
  await expect(outcome).rejects.toMatchObject({
    code: "image_fetch_failed",
    message: expect.stringContaining("0.005 s"),
  })
})

test("ends with the caller's own reason when the caller leaves", async () => {
  const { fetch } = answering(hanging)
  const caller = new AbortController()
  const outcome = fetchRemote(0, "https://example.com/a.png", { fetch, signal: caller.signal })
  caller.abort(new Error("left"))
  await expect(outcome).rejects.toThrow("left")
})

test("says that the server could not be reached, and keeps the cause", async () => {
  const cause = new TypeError("connection refused by 203.0.113.9")
  const { fetch } = answering(() => Promise.reject(cause))
  const outcome = fetchRemote(0, "https://example.com/a.png", { fetch })
  await expect(outcome).rejects.toMatchObject({ code: "image_fetch_failed", cause })
  await expect(outcome).rejects.not.toThrow("203.0.113.9")
})

test("refuses a name that no name server knows, since fetch may find it in the machine's own table", async () => {
  const { fetch, asked } = answering(() => new Response(png()))
  const outcome = fetchRemote(0, "https://db.corp.example/a.png", { fetch, resolve: async () => [] })
  await expect(outcome).rejects.toMatchObject({
    code: "image_fetch_refused",
    message: expect.stringContaining("no name server knows db.corp.example"),
  })
  expect(asked).toEqual([])
})

test.each([
  ["::ffff:10.0.0.1", "private"],
  ["::ffff:a9fe:a9fe", "metadata"],
  ["64:ff9b::7f00:1", "loopback"],
  ["64:ff9b:1::a00:1", "reserved"],
  ["2002:c0a8:101::1", "private"],
  ["2001:0:4136:e378:8000:63bf:3fff:fdd2", "tunnel"],
  ["169.254.169.254", "metadata"],
])("refuses a public name that resolves to %s, after a redirect too", async (address, why) => {
  const { fetch, asked } = answering(() => redirectTo("https://rebind.example.com/b"))
  const resolve = async (name: string): Promise<readonly string[]> =>
    name === "rebind.example.com" ? ["93.184.215.14", address] : ["93.184.215.14"]
  for (const first of ["https://rebind.example.com/a", "https://example.com/a"]) {
    await expect(fetchRemote(0, first, { fetch, resolve })).rejects.toMatchObject({
      code: "image_fetch_refused",
      message: expect.stringContaining(why),
    })
  }
  expect(asked).toEqual(["https://example.com/a"])
})

test.each(["data:image/png;base64,AAAA", "file:///etc/passwd", "https://u:p@example.com/", "https://example.com:22/"])(
  "refuses to be redirected to %s",
  async (location) => {
    const { fetch, asked } = answering(() => redirectTo(location))
    const outcome = fetchRemote(0, "https://example.com/a.png", { fetch })
    await expect(outcome).rejects.toMatchObject({ code: "image_fetch_refused" })
    await expect(outcome).rejects.not.toThrow("u:p")
    expect(asked).toHaveLength(1)
  },
)

test("counts all pictures of a request against one budget, and stops where it is spent", async () => {
  const budget = { limitBytes: 25_000_000, leftBytes: 25_000_000 }
  let cancelled = 0
  const { fetch } = answering(() => {
    let sent = 0
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void =>
      sent++ < 10 ? controller.enqueue(new Uint8Array(1_000_000)) : controller.close()
    return new Response(new ReadableStream({ pull, cancel: () => void cancelled++ }, { highWaterMark: 0 }))
  })
  const outcomes = await Promise.allSettled(
    [0, 1, 2].map((index) => fetchRemote(index, `https://example.com/${index}.png`, { fetch, budget })),
  )
  const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []))
  expect(refused.length).toBeGreaterThan(0)
  for (const reason of refused) {
    expect(reason).toMatchObject({ code: "image_too_large", message: expect.stringContaining("25 MB together") })
  }
  expect(cancelled).toBe(refused.length)
})
