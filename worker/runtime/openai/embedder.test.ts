import { describe, expect, test } from "vitest"
import * as v from "valibot"
import { embedderSuite } from "../../ports/embedder.suite.ts"
import { upstream } from "../../providers/fake-upstream.suite.ts"
import { createOpenAiEmbedder } from "./embedder.ts"

const Request = v.object({ input: v.array(v.string()), model: v.string(), dimensions: v.number() })

/** Answers in OpenAI's form, the last text first, with a vector that depends on the text. */
const openAi = () =>
  upstream(({ body }) =>
    Response.json({
      object: "list",
      data: v
        .parse(Request, body)
        .input.map((text, index) => ({
          index,
          embedding: Array.from({ length: 512 }, (_, at) => Math.sin(at * (1 + text.length)) / 16),
        }))
        .toReversed(),
    }),
  )
const create = (fetch: typeof globalThis.fetch) => createOpenAiEmbedder({ apiKey: "sk-secret", fetch })
const live = (): AbortSignal => new AbortController().signal

embedderSuite("OpenAI", () => create(openAi().fetch))

test("asks for 512 dimensions, at the base URL that is set", async () => {
  const server = openAi()
  const embedder = createOpenAiEmbedder({ apiKey: "sk-secret", baseUrl: "http://127.0.0.1:1/v1/", fetch: server.fetch })
  await embedder.embed(["Which breaker?"], live())
  const [request] = server.requests
  expect(request).toMatchObject({
    url: "http://127.0.0.1:1/v1/embeddings",
    redirect: "manual",
    body: { model: "text-embedding-3-small", dimensions: 512, input: ["Which breaker?"] },
  })
  expect(request?.headers.get("authorization")).toBe("Bearer sk-secret")
})

describe("fails without a word of the text or the key", () => {
  test.each<[string, () => Response]>([
    ["a refusal", () => Response.json({ error: { message: "Which breaker? sk-secret" } }, { status: 429 })],
    ["too few vectors", () => Response.json({ data: [] })],
    ["vectors of another length", () => Response.json({ data: [{ index: 0, embedding: [1, 2] }] })],
    ["something else", () => new Response("<html>Which breaker?")],
    ["a redirect", () => new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/" } })],
  ])("%s", async (_, answer) => {
    const failed = create(upstream(answer).fetch).embed(["Which breaker?"], live())
    await expect(failed).rejects.toThrow(/^OpenAI's embeddings /)
    await expect(failed).rejects.not.toThrow(/breaker|secret/)
  })
})
