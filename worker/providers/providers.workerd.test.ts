import { expect, test } from "vitest"
import { createAnthropicProvider } from "./anthropic.ts"
import { collect, hanging, namedSse, question, sse, streaming, textOf, upstream } from "./fake-upstream.suite.ts"
import { createGoogleProvider } from "./google.ts"
import { createOpenAiProvider } from "./openai.ts"

const streams = {
  openai: sse(
    { model: "m", choices: [{ delta: { content: "Q3" }, finish_reason: null }] },
    { model: "m", choices: [{ delta: {}, finish_reason: "stop" }] },
    "[DONE]",
  ),
  anthropic: namedSse(
    { type: "content_block_delta", delta: { type: "text_delta", text: "Q3" } },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
    { type: "message_stop" },
  ),
  google: sse({ candidates: [{ content: { parts: [{ text: "Q3" }] }, finishReason: "STOP" }] }),
}

const create = { openai: createOpenAiProvider, anthropic: createAnthropicProvider, google: createGoogleProvider }

const wires = ["openai", "anthropic", "google"] as const

test.each(wires)("%s answers inside workerd", async (wire) => {
  const { fetch, requests } = upstream(() => streaming(streams[wire]))
  const provider = create[wire]({ name: wire, apiKey: "key", simulated: false, fetch })

  const events = await collect(provider.ask("model", question(), new AbortController().signal))

  expect(textOf(events)).toBe("Q3")
  expect(events.at(-1)).toMatchObject({ type: "end", finishReason: "stop" })
  expect(JSON.stringify(requests[0]?.body)).toContain("cGljdHVyZQ==")
})

test.each(wires)("%s stops its upstream inside workerd when the client leaves", async (wire) => {
  const { response, cancelled } = hanging("")
  const { fetch, requests } = upstream(() => response)
  const client = new AbortController()
  const provider = create[wire]({ name: wire, apiKey: "key", simulated: false, fetch })
  const answer = collect(provider.ask("model", question(), client.signal))
  setTimeout(() => client.abort(), 1)

  await expect(answer).rejects.toMatchObject({ kind: "client_left" })
  expect(requests[0]?.signal.aborted).toBe(true)
  await cancelled
})
