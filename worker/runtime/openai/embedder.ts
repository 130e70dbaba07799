import * as v from "valibot"
import { quantize } from "../../cache/near/vector.ts"
import type { Embedder } from "../../ports/embedder.ts"
import { guardFetch } from "../../providers/guard-fetch.ts"

export interface OpenAiEmbedderOptions {
  readonly apiKey: string
  readonly baseUrl?: string
  readonly fetch: typeof fetch
}

const model = "text-embedding-3-small"
/** A third of the model's own; made for it (Matryoshka), so that little is lost. */
const dimensions = 512

const Reply = v.object({
  data: v.array(v.object({ index: v.number(), embedding: v.pipe(v.array(v.number()), v.length(dimensions)) })),
})

/** OpenAI's text-embedding-3-small, 512 dimensions. Errors say the status and nothing of the texts or the key. */
export const createOpenAiEmbedder = ({ apiKey, baseUrl, fetch }: OpenAiEmbedderOptions): Embedder => {
  const url = `${(baseUrl ?? "https://api.openai.com/v1").replace(/\/+$/, "")}/embeddings`
  const guarded = guardFetch(fetch)
  return {
    id: `openai/${model}@${dimensions}`,
    embed: async (texts, signal) => {
      signal.throwIfAborted()
      if (texts.length === 0) return []
      const response = await guarded(url, {
        method: "POST",
        headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
        body: JSON.stringify({ model, dimensions, input: texts, encoding_format: "float" }),
        signal,
      })
      if (!response.ok) {
        await response.body?.cancel()
        throw new Error(`OpenAI's embeddings answered ${response.status}.`)
      }
      const reply = v.safeParse(Reply, await response.json().catch(() => undefined))
      const data = reply.success ? reply.output.data.toSorted((one, other) => one.index - other.index) : []
      if (data.length !== texts.length) throw new Error("OpenAI's embeddings are not of the expected form.")
      return data.map(({ embedding }) => quantize(embedding))
    },
  }
}
