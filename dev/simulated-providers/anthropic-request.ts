import * as v from "valibot"
import { decodeBase64, readPicture } from "./picture.ts"
import { asParts, check, type BodyProblem, unknownKey } from "./read-body.ts"
import { anthropicSchemaProblem } from "./strict-schema.ts"
import { anthropicPictureTokens, isClaude47OrLater } from "./tokens.ts"
import type { JsonSchema, Refusal, SeenPicture, WireFormat } from "./wire.ts"

export const invalid = (message: string): Refusal => ({ status: 400, type: "invalid_request_error", message })

/** Versions of the API. The newer one, of 2026, has no sampling parameters for any model. */
export const versions = ["2023-06-01", "2026-10-21"] as const

const keys =
  `max_tokens messages model cache_control container context_management diagnostics inference_geo mcp_servers metadata
   output_config service_tier speed stop_sequences stream system thinking tool_choice tools user_profile_id
   workspace_id`.split(/\s+/)
const samplingKeys = ["temperature", "top_p", "top_k"] as const

const mediaTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"] as const
const mediaTypeMessage = "Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'"
const text = v.object({
  type: v.literal("text"),
  text: v.pipe(v.string(), v.minLength(1, "text content blocks must be non-empty")),
})
const image = v.object({
  type: v.literal("image"),
  source: v.variant("type", [
    v.object({ type: v.literal("base64"), data: v.string(), media_type: v.picklist(mediaTypes, mediaTypeMessage) }),
    v.object({ type: v.literal("url"), url: v.string() }),
    v.object({ type: v.literal("file"), file_id: v.string() }),
  ]),
})
const others = ["document", "search_result", "thinking", "redacted_thinking", "tool_use", "tool_result"] as const
const block = v.variant("type", [text, image, v.object({ type: v.picklist(others) })])
const schemaObject = v.custom<JsonSchema>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
)

const Body = v.object({
  model: v.string(),
  max_tokens: v.pipe(v.number(), v.integer(), v.minValue(1, "Input should be greater than or equal to 1")),
  messages: v.pipe(
    v.array(
      v.object({
        role: v.picklist(["user", "assistant", "system"], "Input should be 'user', 'assistant' or 'system'"),
        content: v.pipe(v.unknown(), v.transform(asParts), v.array(block), v.minLength(1, "content must be non-empty")),
      }),
    ),
    v.minLength(1, "at least one message is required"),
  ),
  system: v.optional(v.pipe(v.unknown(), v.transform(asParts), v.array(text))),
  stream: v.optional(v.boolean()),
  stop_sequences: v.optional(v.array(v.string())),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1, "Input should be less than or equal to 1"))),
  top_p: v.optional(v.number()),
  top_k: v.optional(v.number()),
  output_config: v.optional(
    v.object({ format: v.nullish(v.object({ type: v.literal("json_schema"), schema: schemaObject })) }),
  ),
})
type Body = v.InferOutput<typeof Body>

const wordProblem = ({ path, kind, message, expected }: BodyProblem): Refusal => {
  const place = path.join(".")
  switch (kind) {
    case "missing":
      return invalid(`${place}: Field required`)
    case "unknown":
      return invalid(`${place}: Extra inputs are not permitted`)
    case "wrong_type":
      return invalid(`${place}: Input should be a valid ${expected}`)
    case "wrong_value":
      return invalid(`${place}: ${message}`)
  }
}

const modelProblem = (body: Body): Refusal | undefined => {
  if (!body.model.startsWith("claude-"))
    return { status: 404, type: "not_found_error", message: `model: ${body.model}` }
  const sampling = samplingKeys.find((name) => body[name] !== undefined)
  if (sampling !== undefined && isClaude47OrLater(body.model))
    return invalid(`\`${sampling}\` is deprecated for this model.`)
  const schema = body.output_config?.format?.schema
  const problem = schema === undefined ? undefined : anthropicSchemaProblem(schema)
  return problem === undefined ? undefined : invalid(`output_config.format.schema: ${problem.message}`)
}

const largestEdgePx = 8000
const manyPictures = 20
const largestEdgeOfManyPx = 2000
const largestBase64 = 10 * 2 ** 20

type Source = v.InferOutput<typeof image>["source"]

const readImage = async (
  body: Body,
  source: Source,
  place: string,
  pictureCount: number,
): Promise<SeenPicture | Refusal> => {
  if (source.type === "url") {
    return invalid(
      `${place}.source.url: Unable to download the file: the simulated provider downloads nothing. Send base64.`,
    )
  }
  if (source.type === "file")
    return { status: 404, type: "not_found_error", message: `File not found: ${source.file_id}` }
  const base64Place = `${place}.source.base64`
  if (source.data.length > largestBase64) {
    return invalid(`${base64Place}: image exceeds 10 MB maximum: ${source.data.length} bytes > ${largestBase64} bytes`)
  }
  const bytes = decodeBase64(source.data)
  if (bytes === undefined) return invalid(`${base64Place}.data: invalid base64 data`)
  const header = await readPicture(bytes)
  if (header === undefined || !mediaTypes.some((type) => type === `image/${header.format}`)) {
    return invalid("Could not process image")
  }
  if (`image/${header.format}` !== source.media_type) {
    return invalid(
      `${base64Place}.data: The image was specified using the ${source.media_type} media type, but the image appears to be a image/${header.format} image`,
    )
  }
  const edgePx = Math.max(header.widthPx, header.heightPx)
  const isMany = pictureCount > manyPictures
  if (edgePx > (isMany ? largestEdgeOfManyPx : largestEdgePx)) {
    const limit = isMany ? `size for many-image requests: ${largestEdgeOfManyPx}` : `size: ${largestEdgePx}`
    return invalid(`${base64Place}.data: At least one of the image dimensions exceed max allowed ${limit} pixels`)
  }
  return { ...header, tokens: anthropicPictureTokens(body.model, header) }
}

export const readAnthropic: WireFormat["read"] = async (json, _endpoint, headers) => {
  const isNewest = headers["anthropic-version"] === versions[1]
  const unknown = unknownKey(json, isNewest ? keys : [...keys, ...samplingKeys])
  const checked = check(Body, json)
  if ("problem" in checked) return { refusal: wordProblem(checked.problem) }
  const body = checked.value
  if (unknown !== undefined) return { refusal: invalid(`${unknown}: Extra inputs are not permitted`) }
  const problem = modelProblem(body)
  if (problem !== undefined) return { refusal: problem }

  const pictureCount = body.messages.flatMap(({ content }) => content).filter(({ type }) => type === "image").length
  const pictures: SeenPicture[] = []
  const texts: string[] = []
  let question = ""
  for (const [at, { role, content }] of body.messages.entries()) {
    for (const [index, one] of content.entries()) {
      if (isNewest && role === "assistant" && one.type === "document") {
        return {
          refusal: invalid(`messages.${at}.content.${index}: document blocks are not permitted in assistant messages`),
        }
      }
      if (one.type === "image") {
        const seen = await readImage(body, one.source, `messages.${at}.content.${index}.image`, pictureCount)
        if ("status" in seen) return { refusal: seen }
        pictures.push(seen)
      } else if (one.type === "text") {
        texts.push(one.text)
        if (role === "user") question = one.text
      }
    }
  }
  const schema = body.output_config?.format?.schema
  return {
    asked: {
      model: body.model,
      stream: body.stream === true,
      usageInStream: true,
      system: (body.system ?? []).map((part) => part.text).join("\n"),
      texts,
      question,
      pictures,
      stop: body.stop_sequences ?? [],
      maxOutputTokens: body.max_tokens,
      ...(schema === undefined ? {} : { schema }),
    },
  }
}
