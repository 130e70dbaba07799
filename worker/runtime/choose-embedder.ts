import type { Embedder } from "../ports/embedder.ts"
import { SettingsError } from "../settings.ts"
import type { Settings } from "../settings.ts"
import { createOpenAiEmbedder } from "./openai/embedder.ts"
import { createWorkersAiEmbedder } from "./workers-ai/embedder.ts"
import type { AiBinding } from "./workers-ai/embedder.ts"

export interface EmbedderHost {
  readonly fetch: typeof fetch
  /** Cloudflare's AI binding, where the Worker has one. */
  readonly ai?: AiBinding | undefined
}

/** The embedder that the settings name; none where the built-in one is to be used. */
export const chooseEmbedder = (
  { embedder, providers }: Pick<Settings, "embedder" | "providers">,
  { fetch, ai }: EmbedderHost,
): { readonly embedder?: Embedder } => {
  switch (embedder) {
    case "lexical":
      return {}
    case "openai": {
      const openai = providers.find(({ name }) => name === "openai")
      if (openai?.apiKey === undefined) throw new SettingsError(["VOLTGATE_EMBEDDER=openai needs OPENAI_API_KEY."])
      const { apiKey, baseUrl } = openai
      return { embedder: createOpenAiEmbedder({ apiKey, fetch, ...(baseUrl === undefined ? {} : { baseUrl }) }) }
    }
    case "workers-ai/bge-m3":
    case "workers-ai/bge-small": {
      if (ai === undefined) {
        throw new SettingsError([
          `VOLTGATE_EMBEDDER=${embedder} needs a Worker with an AI binding: add [ai] with binding = "AI" to wrangler.toml's environment, or use lexical or openai.`,
        ])
      }
      return { embedder: createWorkersAiEmbedder(ai, embedder === "workers-ai/bge-m3" ? "bge-m3" : "bge-small") }
    }
  }
}
