import { expect, test } from "vitest"
import { embedderSuite } from "../../ports/embedder.suite.ts"
import { createWorkersAiEmbedder } from "./embedder.ts"
import type { AiBinding } from "./embedder.ts"

/** Answers in the binding's form, with a vector that depends on the text. */
const binding = (dimensions: number, asked: string[] = []): AiBinding => ({
  run: async (model, { text }) => {
    asked.push(model)
    return {
      shape: [text.length, dimensions],
      data: text.map((one) => Array.from({ length: dimensions }, (_, at) => Math.sin(at * (1 + one.length)) / 16)),
    }
  },
})
const live = (): AbortSignal => new AbortController().signal

embedderSuite("Workers AI, bge-m3", () => createWorkersAiEmbedder(binding(1024), "bge-m3"))
embedderSuite("Workers AI, bge-small", () => createWorkersAiEmbedder(binding(384), "bge-small"))

test("asks for the model by Cloudflare's name", async () => {
  const asked: string[] = []
  await createWorkersAiEmbedder(binding(384, asked), "bge-small").embed(["Which breaker?"], live())
  expect(asked).toEqual(["@cf/baai/bge-small-en-v1.5"])
})

test("leaves a binding that does not answer when its caller gives up", async () => {
  const caller = new AbortController()
  const waiting = createWorkersAiEmbedder({ run: () => new Promise(() => undefined) }, "bge-m3").embed(
    ["Which breaker?"],
    caller.signal,
  )
  caller.abort(new Error("too late"))
  await expect(waiting).rejects.toThrow("too late")
})

test("fails without a word of the text, whatever the binding says", async () => {
  const failing = { run: () => Promise.reject(new Error("Which breaker? is too long")) }
  const failed = createWorkersAiEmbedder(failing, "bge-m3").embed(["Which breaker?"], live())
  await expect(failed).rejects.toThrow(/^Workers AI failed\.$/)
  for (const reply of [undefined, { data: [] }, { data: [[1, 2]] }, { request_id: "queued" }]) {
    const odd = createWorkersAiEmbedder({ run: () => Promise.resolve(reply) }, "bge-m3")
    await expect(odd.embed(["Which breaker?"], live())).rejects.toThrow("not of the expected form")
  }
})
