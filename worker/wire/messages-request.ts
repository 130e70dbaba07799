import * as v from "valibot"
import type { JsonSchema, Part, Turn } from "../providers/provider.ts"
import type { AnyChat, NotPortable, PortableChat } from "./portable-chat.ts"

/** Where a provider's own prompt cache may break the prompt; it changes no answer. */
const cacheMark = { cache_control: v.exactOptional(v.nullable(v.looseObject({}))) }

const TextBlock = v.strictObject({ type: v.literal("text"), text: v.string(), ...cacheMark })
const ImageBlock = v.strictObject({
  type: v.literal("image"),
  source: v.variant("type", [
    v.strictObject({ type: v.literal("base64"), media_type: v.string(), data: v.string() }),
    v.strictObject({ type: v.literal("url"), url: v.string() }),
  ]),
  ...cacheMark,
})
const Content = v.union([v.string(), v.array(v.variant("type", [TextBlock, ImageBlock]))])
type Content = v.InferOutput<typeof Content>

const count = v.pipe(v.number(), v.integer(), v.minValue(1))
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

/** The part of Anthropic's format that says the same to every provider. */
const PortableBody = v.strictObject({
  model: v.string(),
  max_tokens: count,
  messages: v.pipe(
    v.array(v.strictObject({ role: v.picklist(["user", "assistant"]), content: Content })),
    v.minLength(1),
  ),
  system: v.exactOptional(v.union([v.string(), v.array(TextBlock)])),
  stream: v.exactOptional(v.boolean()),
  temperature: v.exactOptional(share),
  top_p: v.exactOptional(share),
  stop_sequences: v.exactOptional(v.array(v.string())),
  /** Whose request it is, for the provider's own bookkeeping. */
  metadata: v.exactOptional(v.looseObject({})),
  output_config: v.exactOptional(
    v.strictObject({
      format: v.strictObject({ type: v.literal("json_schema"), schema: v.record(v.string(), v.unknown()) }),
    }),
  ),
})

/** What must hold of a body in Anthropic's format before anything is done with it. */
export const MessagesBody: v.GenericSchema<unknown, AnyChat> = v.looseObject({
  model: v.pipe(v.string(), v.nonEmpty("Name a model, or `auto`.")),
  max_tokens: count,
  messages: v.pipe(v.array(v.looseObject({ role: v.string() })), v.minLength(1, "Send at least one message.")),
})

/**
 * Reads a request of `POST /v1/messages` for any provider. What only Anthropic's format can say (tools, thinking,
 * documents, …) is not portable: then the fields in question are named.
 */
export const readPortableMessages = (body: AnyChat): PortableChat | NotPortable => {
  const parsed = v.safeParse(PortableBody, body)
  if (!parsed.success) {
    return { notPortable: [...new Set(parsed.issues.map((issue) => v.getDotPath(issue) ?? "body"))] }
  }
  const { messages, system, temperature, max_tokens: maxOutputTokens, ...asked } = parsed.output
  const last = messages.at(-1)
  // The start of an answer that the model is to go on with: no other provider takes that.
  if (last?.role !== "user") return { notPortable: [`messages.${messages.length - 1}.role`] }

  const images: string[] = []
  const turns = messages.map(({ role, content }): Turn => ({ role, parts: readParts(content, images) }))
  return {
    query: textOf(last.content),
    conversation: {
      system: system === undefined ? "" : textOf(system),
      turns,
      ...(asked.top_p === undefined ? {} : { topP: asked.top_p }),
      ...(asked.stop_sequences === undefined ? {} : { stop: asked.stop_sequences }),
      ...readSchema(asked.output_config),
    },
    images,
    detail: "auto",
    stream: asked.stream === true,
    includeUsage: true,
    maxOutputTokens,
    ...(temperature === undefined ? {} : { temperature }),
  }
}

const readParts = (content: Content, images: string[]): readonly Part[] => {
  if (typeof content === "string") return [{ type: "text", text: content }]
  return content.map((block): Part => {
    if (block.type === "text") return { type: "text", text: block.text }
    const { source } = block
    const picture = source.type === "url" ? source.url : `data:${source.media_type};base64,${source.data}`
    return { type: "image", image: images.push(picture) - 1 }
  })
}

const textOf = (content: Content): string =>
  typeof content === "string"
    ? content
    : content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")

const readSchema = (
  config: v.InferOutput<typeof PortableBody>["output_config"],
): { schema?: { name: string; schema: JsonSchema } } =>
  config === undefined ? {} : { schema: { name: "answer", schema: config.format.schema } }
