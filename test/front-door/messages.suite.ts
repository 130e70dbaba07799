import Anthropic, { APIError, NotFoundError } from "@anthropic-ai/sdk"
import { beforeAll, describe, expect, test } from "vitest"
import type { World } from "../world.ts"
import { dataUrl, freshQuestion } from "./client.ts"

/** What `/v1/messages` promises to the official client, on whatever runtime. */
export const messagesSuite = (world: () => World): void => {
  let client: Anthropic
  beforeAll(() => {
    client = new Anthropic({ baseURL: world().url, apiKey: "any", maxRetries: 0 })
  })
  const ask = async (query: string) => ({
    max_tokens: 300,
    system: "You read panel schedules.",
    messages: [
      {
        role: "user" as const,
        content: [
          {
            type: "image" as const,
            source: {
              type: "base64" as const,
              media_type: "image/png" as const,
              data: (await dataUrl("panel-schedule.png")).replace("data:image/png;base64,", ""),
            },
          },
          { type: "text" as const, text: query },
        ],
      },
    ],
  })
  const textOf = ({ content }: Anthropic.Message): string =>
    content.map((block) => (block.type === "text" ? block.text : "")).join("")

  describe("the official anthropic client", () => {
    test("asks about a picture and gets a whole answer, then the same from the cache", async () => {
      const request = { model: "auto", ...(await ask(freshQuestion())) }
      const first = await client.messages.create(request).withResponse()
      expect(textOf(first.data)).toMatch(/simulated[^]*1 picture/i)
      expect(first.data.stop_reason).toBe("end_turn")
      expect(first.data.usage.input_tokens).toBeGreaterThan(0)
      // It is kept in the background, after the answer.
      const again = async () => {
        const { data, response } = await client.messages.create(request).withResponse()
        return [response.headers.get("x-voltgate-cache"), textOf(data)]
      }
      await expect.poll(again, { timeout: 10_000 }).toEqual(["hit", textOf(first.data)])
    })

    test("streams, and has the whole message at the end", async () => {
      const stream = client.messages.stream({ model: "voltgate/auto", ...(await ask(freshQuestion())) })
      let text = ""
      stream.on("text", (delta) => (text += delta))
      const message = await stream.finalMessage()
      expect(text).toMatch(/simulated/i)
      expect(textOf(message)).toBe(text)
      expect(message.stop_reason).toBe("end_turn")
      expect(message.usage.output_tokens).toBeGreaterThan(0)
      expect(message.usage.input_tokens).toBeGreaterThan(0)
    })

    test("reaches a model of another maker", async () => {
      const message = await client.messages.create({ model: "openai/gpt-4o", ...(await ask(freshQuestion())) })
      expect(message.model).toBe("gpt-4o")
    })

    test("has a pinned model of the maker's own answer itself, unseen by the gateway's cache", async () => {
      const { data, response } = await client.messages
        .create({ model: "claude-sonnet-5", ...(await ask(freshQuestion())) })
        .withResponse()
      expect(response.headers.get("x-voltgate-cache-reason")).toBe("forwarded")
      expect(textOf(data)).toMatch(/simulated answer from anthropic/)
    })

    test("keeps what only its format can say with its maker", async () => {
      const tools = [{ name: "look_up", input_schema: { type: "object" as const } }]
      const request = { ...(await ask(freshQuestion())), tools }
      const { response } = await client.messages.create({ model: "auto", ...request }).withResponse()
      expect(response.headers.get("x-voltgate-provider")).toBe("anthropic")
      const elsewhere = client.messages.create({ model: "openai/gpt-4o", ...request })
      await expect(elsewhere).rejects.toMatchObject({ status: 400, error: { error: { code: "invalid_request" } } })
    })

    test("understands our errors as its own", async () => {
      const unknown = client.messages.create({ model: "no-such-model", ...(await ask(freshQuestion())) })
      await expect(unknown).rejects.toBeInstanceOf(NotFoundError)
      await expect(unknown).rejects.toMatchObject({
        error: { type: "error", error: { type: "not_found_error", code: "unknown_model" } },
      })
    })

    test("hears in mid-stream that an answer broke off", async () => {
      world().providers.control({ openai: { fault: "cut", afterTokens: 3 } })
      try {
        const stream = await client.messages.create({
          model: "openai/gpt-4o",
          stream: true,
          ...(await ask(freshQuestion())),
        })
        const broken = Array.fromAsync(stream)
        await expect(broken).rejects.toBeInstanceOf(APIError)
        await expect(broken).rejects.toThrow(/broke off/)
      } finally {
        world().providers.control({ openai: { fault: "none" } })
      }
    })
  })
}
