import type { ImageRecord } from "../../contract/record.ts"
import type { Prompt } from "../providers/provider.ts"

/** About four characters of English make a token. */
const charactersPerToken = 4

/** Tokens that a provider will count for this prompt: by its length, and by the model's own formula for its pictures. */
export const estimateInputTokens = (
  { system, turns, schema }: Pick<Prompt, "system" | "turns" | "schema">,
  images: readonly ImageRecord[],
): number =>
  Math.ceil((system.length + textOf({ turns }).length + lengthOf(schema)) / charactersPerToken) +
  images.reduce((total, image) => total + image.to.tokens, 0)

/** A provider reads the wanted shape like any other text. */
const lengthOf = (schema: Prompt["schema"]): number => (schema === undefined ? 0 : JSON.stringify(schema.schema).length)

/** All that a prompt's turns say, pictures left out. */
export const textOf = ({ turns }: Pick<Prompt, "turns">): string =>
  turns.flatMap(({ parts }) => parts.flatMap((part) => (part.type === "text" ? [part.text] : []))).join("\n")
