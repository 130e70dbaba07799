import OpenAI, { APIError, NotFoundError } from "openai"
import { beforeAll, describe, expect, test } from "vitest"
import type { World } from "../world.ts"
import { recordedAnswer } from "../world.ts"
import { dataUrl, wasAborted, freshQuestion } from "./client.ts"

/** What `/v1/chat/completions` and `/v1/models` promise to the official client, on whatever runtime. */
export const chatSuite = (world: () => World): void => {
  let client: OpenAI
  beforeAll(() => {
    client = new OpenAI({ baseURL: `${world().url}/v1`, apiKey: "any", maxRetries: 0 })
  })
  const ask = async (
    query: string,
    name: Parameters<typeof dataUrl>[0] = "panel-schedule.png",
  ): Promise<OpenAI.ChatCompletionMessageParam[]> => [
    { role: "system", content: "You read panel schedules." },
    {
      role: "user",
      content: [
        { type: "text", text: query },
        { type: "image_url", image_url: { url: await dataUrl(name) } },
      ],
    },
  ]

  describe("the official openai client", () => {
    test("asks about a picture and gets a whole answer", async () => {
      const completion = await client.chat.completions.create({ model: "auto", messages: await ask(freshQuestion()) })
      expect(completion.choices[0]?.message.content).toMatch(/simulated/i)
      expect(completion.choices[0]?.finish_reason).toBe("stop")
      expect(completion.usage?.prompt_tokens).toBeGreaterThan(0)
    })

    test("streams", async () => {
      const stream = await client.chat.completions.create({
        model: "voltgate/auto",
        messages: await ask(freshQuestion()),
        stream: true,
        stream_options: { include_usage: true },
      })
      let text = ""
      let last: OpenAI.ChatCompletionChunk | undefined
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? ""
        last = chunk
      }
      expect(text).toMatch(/simulated/i)
      expect(last?.usage?.completion_tokens).toBeGreaterThan(0)
    })

    test("is answered from the cache the second time, streamed or not", async () => {
      const messages = await ask(freshQuestion())
      await client.chat.completions.create({ model: "auto", messages })
      const again = async (): Promise<string | null> => {
        const { response } = await client.chat.completions.create({ model: "auto", messages }).withResponse()
        return response.headers.get("x-voltgate-cache")
      }
      await expect.poll(again, { timeout: 10_000 }).toBe("hit")
      const streamed = await client.chat.completions.create({ model: "auto", messages, stream: true }).withResponse()
      expect(streamed.response.headers.get("x-voltgate-cache")).toBe("hit")
      const chunks = await Array.fromAsync(streamed.data)
      expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toMatch(/simulated/i)
    })

    test.each(["voltgate/claude-sonnet-5", "google/gemini-2.5-flash", "claude-haiku-4-5"])(
      "reaches a model of another maker: %s",
      async (model) => {
        const { data, response } = await client.chat.completions
          .create({ model, messages: await ask(freshQuestion()) })
          .withResponse()
        expect(data.model).toBe(model.slice(model.indexOf("/") + 1))
        expect(response.headers.get("x-voltgate-model")).toBe(data.model)
      },
    )

    test("lists models, and knows each by its name", async () => {
      const ids = (await client.models.list()).data.map(({ id }) => id)
      expect(ids).toEqual(expect.arrayContaining(["auto", "openai/gpt-4o", "recorder/recorded-model"]))
      expect((await client.models.retrieve("auto")).id).toBe("auto")
      await expect(client.models.retrieve("nothing")).rejects.toBeInstanceOf(NotFoundError)
    })

    test("understands our errors as its own", async () => {
      const unknown = client.chat.completions.create({ model: "no-such-model", messages: await ask(freshQuestion()) })
      await expect(unknown).rejects.toMatchObject({ status: 404, code: "unknown_model", type: "invalid_request_error" })
      await expect(unknown).rejects.toBeInstanceOf(APIError)
    })

    test("hears in mid-stream that an answer broke off", async () => {
      world().providers.control({ openai: { fault: "cut", afterTokens: 3 } })
      try {
        const stream = await client.chat.completions.create({
          model: "voltgate/gpt-4o",
          messages: await ask(freshQuestion()),
          stream: true,
        })
        await expect(Array.fromAsync(stream)).rejects.toThrow(/broke off/)
      } finally {
        world().providers.control({ openai: { fault: "none" } })
      }
    })

    test("that leaves in mid-answer ends the request to the provider", async () => {
      world().providers.control({ openai: { fault: "stall", afterTokens: 3 } })
      try {
        world().providers.clearLog()
        const stream = await client.chat.completions.create({
          model: "voltgate/gpt-4o",
          messages: await ask(freshQuestion()),
          stream: true,
        })
        for await (const chunk of stream) if ((chunk.choices[0]?.delta.content ?? "") !== "") break
        await expect.poll(() => wasAborted(world()), { timeout: 10_000 }).toBe(true)
      } finally {
        world().providers.control({ openai: { fault: "none" } })
      }
    })
  })

  describe("a pinned model of a provider that speaks the same format", () => {
    const body =
      '{ "model":"recorded-model",  "messages":[{"role":"user","content":"h\\u00e9"}], "unknown_field": 1.0 }'
    const post = (text: string): Promise<Response> =>
      fetch(`${world().url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "Bearer client-key", cookie: "secret=1" },
        body: text,
      })

    test("gets the body byte for byte, and its answer comes back byte for byte", async () => {
      const response = await post(body)
      expect(await response.text()).toBe(recordedAnswer)
      const received = world().recorder.received.at(-1)
      expect(received?.path).toBe("/v1/chat/completions")
      expect(received?.body.toString()).toBe(body)
      expect(response.headers.get("x-voltgate-cache")).toBe("bypass")
      expect(response.headers.get("x-upstream")).toBe("recorded")
    })

    test("gets its own key and no header of the client's that is none of its business", async () => {
      const response = await post(body)
      await response.text()
      const headers = world().recorder.received.at(-1)?.headers
      expect(headers?.["authorization"]).toBe("Bearer recorder-key")
      expect(headers?.["cookie"]).toBeUndefined()
      expect(response.headers.get("set-cookie")).toBeNull()
    })

    test("named with its provider, gets the model's own name and every other byte as it was", async () => {
      await (await post(body.replace("recorded-model", "recorder/recorded-model"))).text()
      expect(world().recorder.received.at(-1)?.body.toString()).toBe(body)
    })
  })

  test("what only OpenAI's format can say stays with providers that speak it, untouched", async () => {
    const request = {
      model: "auto",
      messages: [{ role: "user" as const, content: "Which breaker?" }],
      tools: [{ type: "function" as const, function: { name: "look_up", parameters: {} } }],
    }
    const { response } = await client.chat.completions.create(request).withResponse()
    expect(response.headers.get("x-voltgate-provider")).toBe("openai")
    const pinned = client.chat.completions.create({ ...request, model: "voltgate/claude-sonnet-5" })
    await expect(pinned).rejects.toMatchObject({ status: 400, code: "invalid_request", param: "tools" })
  })
}
