/** What VOLTGATE_EMBEDDER may be. `lexical` is built in; the others ask a model. */
export const embedderNames = ["lexical", "openai", "workers-ai/bge-m3", "workers-ai/bge-small"] as const
export type EmbedderName = (typeof embedderNames)[number]
