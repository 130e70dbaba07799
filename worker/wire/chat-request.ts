import * as v from "valibot"
import type { Detail } from "../../contract/analyze.ts"
import { details } from "../../contract/analyze.ts"
import type { JsonSchema, Part, Turn } from "../providers/provider.ts"
import type { AnyChat, NotPortable, PortableChat } from "./portable-chat.ts"

const TextPart = v.strictObject({ type: v.literal("text"), text: v.string() })
const ImagePart = v.strictObject({
  type: v.literal("image_url"),
  image_url: v.strictObject({ url: v.string(), detail: v.exactOptional(v.picklist(details)) }),
})
const Content = v.union([v.string(), v.array(v.variant("type", [TextPart, ImagePart]))])
const Message = v.strictObject({
  role: v.picklist(["system", "developer", "user", "assistant"]),
  content: Content,
})
type Message = v.InferOutput<typeof Message>

const ResponseFormat = v.variant("type", [
  v.strictObject({ type: v.literal("text") }),
  v.strictObject({
    type: v.literal("json_schema"),
    json_schema: v.object({ name: v.string(), schema: v.record(v.string(), v.unknown()) }),
  }),
])

const count = v.pipe(v.number(), v.integer(), v.minValue(1))

/** The part of OpenAI's chat format that says the same to every provider. */
const PortableBody = v.strictObject({
  model: v.string(),
  messages: v.pipe(v.array(Message), v.minLength(1)),
  stream: v.exactOptional(v.nullable(v.boolean())),
  stream_options: v.exactOptional(v.nullable(v.looseObject({ include_usage: v.exactOptional(v.boolean()) }))),
  max_tokens: v.exactOptional(v.nullable(count)),
  max_completion_tokens: v.exactOptional(v.nullable(count)),
  temperature: v.exactOptional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(2)))),
  top_p: v.exactOptional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1)))),
  stop: v.exactOptional(v.nullable(v.union([v.string(), v.array(v.string())]))),
  n: v.exactOptional(v.literal(1)),
  response_format: v.exactOptional(ResponseFormat),
})

/** What must hold of a body in OpenAI's format before anything is done with it. */
export const ChatBody: v.GenericSchema<unknown, AnyChat> = v.looseObject({
  model: v.pipe(v.string(), v.nonEmpty("Name a model, or `auto`.")),
  messages: v.pipe(v.array(v.looseObject({ role: v.string() })), v.minLength(1, "Send at least one message.")),
})

/**
 * Reads a chat request for any provider. What only OpenAI's format can say (tools, log probabilities, audio, …) is not
 * portable: then the fields in question are named, and the request stays with providers that speak that format.
 */
export const readPortableChat = (body: AnyChat): PortableChat | NotPortable => {
  const parsed = v.safeParse(PortableBody, body)
  if (!parsed.success) {
    return { notPortable: [...new Set(parsed.issues.map((issue) => v.getDotPath(issue) ?? "body"))] }
  }
  const chat = parsed.output
  const last = chat.messages.at(-1)
  if (last?.role !== "user") return { notPortable: [`messages.${chat.messages.length - 1}.role`] }

  const images: string[] = []
  const asked: Detail[] = []
  const turns = chat.messages.flatMap((message): Turn[] =>
    message.role === "user" || message.role === "assistant"
      ? [{ role: message.role, parts: readParts(message.content, images, asked) }]
      : [],
  )
  const system = chat.messages.flatMap(({ role, content }) =>
    role === "system" || role === "developer" ? [textOf(content)] : [],
  )
  const maxOutputTokens = chat.max_completion_tokens ?? chat.max_tokens
  const stop = typeof chat.stop === "string" ? [chat.stop] : chat.stop
  return {
    query: textOf(last.content),
    conversation: {
      system: system.join("\n\n"),
      turns,
      ...(typeof chat.top_p === "number" ? { topP: chat.top_p } : {}),
      ...(Array.isArray(stop) ? { stop } : {}),
      ...readSchema(chat.response_format),
    },
    images,
    detail: asked.toSorted((a, b) => fineness[b] - fineness[a])[0] ?? "auto",
    stream: chat.stream === true,
    includeUsage: chat.stream_options?.include_usage === true,
    ...(typeof maxOutputTokens === "number" ? { maxOutputTokens } : {}),
    ...(typeof chat.temperature === "number" ? { temperature: chat.temperature } : {}),
  }
}

/** One detail holds for all pictures of a request: the finest that was asked for. */
const fineness: Record<Detail, number> = { auto: 0, low: 1, high: 2, original: 3 }

const readParts = (content: Message["content"], images: string[], asked: Detail[]): readonly Part[] => {
  if (typeof content === "string") return [{ type: "text", text: content }]
  return content.map((part): Part => {
    if (part.type === "text") return part
    if (part.image_url.detail !== undefined) asked.push(part.image_url.detail)
    return { type: "image", image: images.push(part.image_url.url) - 1 }
  })
}

const textOf = (content: Message["content"]): string =>
  typeof content === "string"
    ? content
    : content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")

const readSchema = (
  format: v.InferOutput<typeof ResponseFormat> | undefined,
): { schema?: { name: string; schema: JsonSchema } } =>
  format?.type === "json_schema" ? { schema: format.json_schema } : {}
