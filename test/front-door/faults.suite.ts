import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { ErrorBody, ErrorCode } from "../../contract/error-code.ts"
import type { ProvidersResponse } from "../../contract/providers.ts"
import type { AttemptFailure } from "../../contract/record.ts"
import { sample } from "../../dev/samples.ts"
import type { Fault } from "../../dev/simulated-providers/faults.ts"
import type { World } from "../world.ts"
import { providerKey } from "../world.ts"
import { dataUrl, wasAborted, freshQuestion, postJson, readEvents } from "./client.ts"

/** How a PNG begins: signature, IHDR (whose checksum nobody has to believe), and the first data chunk's name. */
const pngHeader = (widthPx: number, heightPx: number): Buffer => {
  const parts = [
    "89504e470d0a1a0a",
    "0000000d49484452",
    "0000000000000000",
    "0806000000",
    "00000000",
    "0000040049444154",
  ]
  const header = Buffer.from(parts.join(""), "hex")
  header.writeUInt32BE(widthPx, 16)
  header.writeUInt32BE(heightPx, 20)
  return header
}

/** What the gateway does when requests or providers are at fault, on whatever runtime. */
export const faultsSuite = (world: () => World): void => {
  const url = (): string => `${world().url}/v1/analyze`
  const question = async (changes: Record<string, unknown> = {}): Promise<Record<string, unknown>> => ({
    query: freshQuestion(),
    images: [await dataUrl("nameplate.webp")],
    ...changes,
  })
  const refused = async (body: unknown, headers: Record<string, string> = {}) =>
    postJson<ErrorBody>(url(), body, headers)

  describe("a request that is wrong gets a clear error", () => {
    test("malformed JSON", async () => {
      const { status, body } = await refused('{"query": "Which')
      expect([status, body.error.code]).toEqual([400, "invalid_json"])
    })

    test("every wrong field at once, each with its path", async () => {
      const { status, body } = await refused({ query: 5, images: ["x", 7], temperature: 9, colour: "red" })
      expect([status, body.error.code]).toEqual([400, "invalid_request"])
      const paths = body.error.problems?.map(({ path }) => path)
      expect(paths).toEqual(expect.arrayContaining(["query", "images[1]", "temperature", "colour"]))
    })

    test("no picture", async () => {
      const { status, body } = await refused(await question({ images: [] }))
      expect([status, body.error.code]).toEqual([400, "invalid_request"])
      expect(body.error.message).toMatch(/at least one picture/)
    })

    test("too many pictures", async () => {
      const { status, body } = await refused(await question({ images: Array.from({ length: 17 }, () => "AAAA") }))
      expect(status).toBe(400)
      expect(body.error.message).toMatch(/at most 16/)
    })

    test("a corrupt picture, by its number", async () => {
      const png = await sample("panel-schedule.png")
      const broken = Buffer.from(png.slice(0, 20)).toString("base64")
      const { status, body } = await refused(await question({ images: [await dataUrl("nameplate.webp"), broken] }))
      expect([status, body.error.code]).toEqual([422, "image_corrupt"])
      expect(body.error.message).toContain("images[1]")
    })

    test("a picture whose header is fine but whose pixels are not, by its number", async () => {
      const png = Uint8Array.from(await sample("panel-schedule.png"))
      png.fill(0x55, 200, png.length - 20)
      const { status, body } = await refused(
        await question({ images: [Buffer.from(png).toString("base64")], model: "anthropic/claude-haiku-4-5" }),
      )
      expect([status, body.error.code]).toEqual([422, "image_corrupt"])
      expect(body.error.message).toContain("images[0]")
    })

    test("a file that is no picture", async () => {
      const { status, body } = await refused(
        await question({ images: [Buffer.from("%PDF-1.7 hello").toString("base64")] }),
      )
      expect([status, body.error.code]).toEqual([415, "image_unsupported_type"])
    })

    test("a picture that would be too large, refused by its header alone", async () => {
      const { status, body } = await refused(await question({ images: [pngHeader(40_000, 40_000).toString("base64")] }))
      expect([status, body.error.code]).toEqual([413, "image_too_large"])
      expect(body.error.message).toMatch(/40[ ,]?000/)
    })

    test.each([
      "http://example.com/a.png",
      "https://127.0.0.1/a.png",
      "https://169.254.169.254/latest/meta-data/",
      "https://0x7f000001/a.png",
      "https://[::ffff:10.0.0.1]/a.png",
      "https://localhost/a.png",
    ])("a picture to be fetched from %s", async (address) => {
      const { status, body } = await refused(await question({ images: [address] }))
      expect([status, body.error.code]).toEqual([400, "image_fetch_refused"])
    })

    test("an unknown model", async () => {
      const { status, body } = await refused(await question({ model: "no-such-model" }))
      expect([status, body.error.code]).toEqual([404, "unknown_model"])
    })

    test("an unknown endpoint, or a known one asked the wrong way", async () => {
      const missing = await fetch(`${world().url}/v1/nothing`)
      expect([missing.status, ((await missing.json()) as ErrorBody).error.code]).toEqual([404, "not_found"])
      const wrongWay = await fetch(url())
      expect([wrongWay.status, ((await wrongWay.json()) as ErrorBody).error.code]).toEqual([405, "method_not_allowed"])
    })

    test("every error carries the id that its log line has", async () => {
      const { headers, body } = await refused("{")
      expect(headers.get("x-voltgate-request-id")).toBe(body.error.requestId)
    })
  })

  describe("a provider that fails", () => {
    const all = (fault: Fault, more: { retryAfterS?: number } = {}): void =>
      void world().providers.control({
        openai: { fault, ...more },
        anthropic: { fault, ...more },
        google: { fault, ...more },
      })
    const availability = async (): Promise<Record<string, number>> => {
      const response = await fetch(`${world().url}/v1/providers`)
      const { providers } = (await response.json()) as ProvidersResponse
      return Object.fromEntries(providers.map(({ provider, terms }) => [provider, terms.availability]))
    }
    beforeEach(() => world().providers.clearLog())
    afterEach(async () => {
      all("none")
      for (const target of ["openai", "anthropic", "google"]) {
        await postJson<unknown>(`${world().url}/v1/providers`, { action: "reset", target })
      }
    })

    test.each<Fault>([
      "down",
      "error500",
      "overloaded",
      "rate_limited",
      "unauthorized",
      "hang",
      "garbage",
      "cut",
      "stall",
    ])("with %s costs an attempt, not the answer", async (fault) => {
      world().providers.control({ openai: { fault }, google: { fault } })
      const { status, body } = await postJson(url(), await question())
      expect(status).toBe(200)
      expect(body.provider).toBe("anthropic")
      expect(body.record.routing.attempts.at(-1)?.outcome).toBe("answered")
    })

    describe.each([false, true])("is told apart by what it does, streamed: %s", (stream) => {
      const pinned = { model: "openai/gpt-4o", maxWaitMs: 0, stream }
      const failed = async (fault: Fault, more: { retryAfterS?: number } = {}) => {
        world().providers.control({ openai: { fault, ...more } })
        return refused(await question(pinned))
      }

      test.each<readonly [Fault, AttemptFailure]>([
        ["down", "network"],
        ["error500", "server_error"],
        ["unauthorized", "unauthorized"],
        ["garbage", "garbage"],
      ])("%s is %s", async (fault, kind) => {
        const { status, body } = await failed(fault)
        expect([status, body.error.code]).toEqual([503, "no_provider"])
        expect(body.error.message).toContain(`openai/gpt-4o: ${kind} (`)
      })

      test.each<readonly [Fault, AttemptFailure]>([
        ["rate_limited", "rate_limited"],
        ["overloaded", "overloaded"],
      ])("%s is %s, and says when to come back", async (fault, kind) => {
        const { status, headers, body } = await failed(fault, { retryAfterS: 1 })
        expect([status, body.error.code, headers.get("retry-after")]).toEqual([503, "no_provider", "1"])
        expect(body.error.message).toContain(`openai/gpt-4o: ${kind} (`)
      })

      test("silence is the first-byte timeout", async () => {
        const { status, body } = await failed("hang")
        expect([status, body.error.code]).toEqual([504, "timeout"])
        expect(body.error.message).toContain("openai/gpt-4o: first_byte_timeout (")
      })

      test("a caller's fault is the caller's: nobody else is asked, and nothing is held against the provider", async () => {
        world().providers.control({
          openai: { fault: "bad_request" },
          anthropic: { fault: "bad_request" },
          google: { fault: "bad_request" },
        })
        const before = await availability()
        const { status, body } = await refused(await question({ stream }))
        expect([status, body.error.code]).toEqual([400, "provider_refused_request"])
        expect(world().providers.log()).toHaveLength(1)
        for (const [provider, value] of Object.entries(await availability())) {
          // It fades as time passes; one failure would cost far more.
          expect(value).toBeCloseTo(before[provider] ?? 1, 2)
        }
      })
    })

    test.each<readonly [Fault, AttemptFailure, number]>([
      ["cut", "cut_off", 503],
      ["stall", "idle_timeout", 504],
      ["drip", "total_timeout", 504],
    ])("after its first byte, %s costs a whole answer only an attempt: %s", async (fault, kind, status) => {
      world().providers.control({ openai: { fault } })
      const pinned = await refused(await question({ model: "openai/gpt-4o", maxWaitMs: 0 }))
      expect(pinned.status).toBe(status)
      expect(pinned.body.error.message).toContain(`openai/gpt-4o: ${kind} (`)
      const { body } = await postJson(url(), await question())
      expect(body.record.routing.attempts.at(-1)?.outcome).toBe("answered")
    })

    test.each<readonly [Fault, ErrorCode]>([
      ["cut", "no_provider"],
      ["stall", "timeout"],
      ["drip", "timeout"],
    ])("after its first byte, %s ends a stream with an error event and no done", async (fault, code) => {
      world().providers.control({ openai: { fault } })
      const response = await fetch(url(), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(await question({ model: "openai/gpt-4o", stream: true })),
      })
      expect(response.status).toBe(200)
      const events = await readEvents(response)
      expect([events[0]?.event, events.at(-1)?.event]).toEqual(["delta", "error"])
      const { error } = JSON.parse(events.at(-1)?.data ?? "{}") as ErrorBody
      expect(error.code).toBe(code)
      expect(error.message).toMatch(/broke off/)
    })

    test("one that asks to be left alone is, while others answer", async () => {
      world().providers.control({ openai: { fault: "rate_limited", retryAfterS: 30 } })
      // Until it has refused once, nobody knows.
      const pinned = await postJson(url(), await question({ model: "openai/gpt-4o", maxWaitMs: 0 }))
      expect(pinned.status).toBe(503)
      world().providers.clearLog()
      for (let asked = 0; asked < 5; asked++) expect((await postJson(url(), await question())).status).toBe(200)
      expect(
        world()
          .providers.log()
          .map(({ wire }) => wire),
      ).not.toContain("openai")
    })

    test("when all are full for a moment, the request waits as long as its client does", async () => {
      all("rate_limited", { retryAfterS: 1 })
      const asked = postJson(url(), await question({ maxWaitMs: 5_000 }))
      await expect.poll(() => world().providers.log().length, { timeout: 10_000 }).toBe(3)
      all("none")
      const { status, body } = await asked
      expect(status).toBe(200)
      const outcomes = body.record.routing.attempts.map(({ outcome }) => outcome)
      expect(outcomes).toEqual(["rate_limited", "rate_limited", "rate_limited", "answered"])
      expect(body.record.time.totalMs).toBeGreaterThanOrEqual(900)
    })

    test("when all are full, a client that does not wait hears so at once, with when to come back", async () => {
      all("overloaded", { retryAfterS: 1 })
      const startedAt = performance.now()
      const { status, headers } = await refused(await question({ maxWaitMs: 0 }))
      expect([status, headers.get("retry-after")]).toEqual([503, "1"])
      expect(performance.now() - startedAt).toBeLessThan(900)
    })

    test("when all are down, the answer is 503 with when to try again and each one's reason", async () => {
      all("rate_limited", { retryAfterS: 7 })
      const { status, headers, body } = await refused(await question())
      expect([status, body.error.code]).toEqual([503, "no_provider"])
      expect(headers.get("retry-after")).toBe("7")
      expect(body.error.message).toMatch(/openai\/.*rate_limited/)
    })

    test("when a pinned model is silent, the answer is 504", async () => {
      all("hang")
      const { status, body } = await refused(await question({ model: "openai/gpt-4o" }))
      expect([status, body.error.code]).toEqual([504, "timeout"])
    })

    test("no key shows in any error", async () => {
      all("unauthorized")
      const { body } = await refused(await question())
      expect(JSON.stringify(body)).not.toContain(providerKey)
      const relayed = await postJson<unknown>(`${world().url}/v1/chat/completions`, {
        model: "gpt-4o",
        messages: [{ role: "user", content: "hello" }],
      })
      expect(relayed.status).toBe(503)
      expect(JSON.stringify(relayed.body)).not.toContain(providerKey)
    })

    test("a client that leaves while a whole answer is awaited ends the request to the provider", async () => {
      all("stall")
      const leaving = new AbortController()
      const asked = fetch(url(), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(await question({ model: "openai/gpt-4o" })),
        signal: leaving.signal,
      })
      setTimeout(() => leaving.abort(), 300)
      await expect(asked).rejects.toThrow(/abort/i)
      await expect.poll(() => wasAborted(world()), { timeout: 10_000 }).toBe(true)
    })
  })
}
