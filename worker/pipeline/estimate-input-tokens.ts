import type { ImageRecord } from "../../contract/record.ts"
import type { Prompt } from "../providers/provider.ts"

/** About four characters of English make a token. */
const charactersPerToken = 4

/** Tokens that a provider will count for this prompt: by its length, and by the model's own formula for its pictures. */
export const estimateInputTokens = (
  { system, turns }: Pick<Prompt, "system" | "turns">,
  images: readonly ImageRecord[],
): number =>
  Math.ceil((system.length + textOf({ turns }).length) / charactersPerToken) +
  images.reduce((total, image) => total + image.to.tokens, 0)

/** All that a prompt's turns say, pictures left out. */
export const textOf = ({ turns }: Pick<Prompt, "turns">): string =>
  turns.flatMap(({ parts }) => parts.flatMap((part) => (part.type === "text" ? [part.text] : []))).join("\n")
