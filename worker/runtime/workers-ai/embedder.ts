import * as v from "valibot"
import { quantize } from "../../cache/near/vector.ts"
import type { Embedder } from "../../ports/embedder.ts"
import { untilAborted } from "../until-aborted.ts"

/** The part of Cloudflare's AI binding that is used. */
export interface AiBinding {
  readonly run: (model: string, input: { readonly text: readonly string[] }) => Promise<unknown>
}

/** Cloudflare's names and sizes. bge-m3 reads a hundred languages; bge-small reads English, at a fifth of the price. */
const models = {
  "bge-m3": { name: "@cf/baai/bge-m3", dimensions: 1024 },
  "bge-small": { name: "@cf/baai/bge-small-en-v1.5", dimensions: 384 },
} as const
export type WorkersAiModel = keyof typeof models

/** Cloudflare's own embedding models, through the binding of a Worker. The binding takes no signal, so it is left, not stopped. */
export const createWorkersAiEmbedder = (ai: AiBinding, model: WorkersAiModel): Embedder => {
  const { name, dimensions } = models[model]
  const Reply = v.object({ data: v.array(v.pipe(v.array(v.number()), v.length(dimensions))) })
  return {
    id: `workers-ai/${model}@${dimensions}`,
    embed: async (texts, signal) => {
      signal.throwIfAborted()
      if (texts.length === 0) return []
      const reply = v.safeParse(Reply, await untilAborted(ask(ai, name, texts), signal))
      if (!reply.success || reply.output.data.length !== texts.length) {
        throw new Error("Workers AI's embeddings are not of the expected form.")
      }
      return reply.output.data.map(quantize)
    },
  }
}

/** What the binding says when it fails may repeat the texts, so it is not passed on. */
const ask = async (ai: AiBinding, name: string, text: readonly string[]): Promise<unknown> => {
  try {
    return await ai.run(name, { text })
  } catch {
    // oxlint-disable-next-line preserve-caught-error
    throw new Error("Workers AI failed.")
  }
}
