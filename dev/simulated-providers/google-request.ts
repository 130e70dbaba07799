import * as v from "valibot"
import { decodeBase64, readPicture } from "./picture.ts"
import { check, type BodyProblem, unknownKey } from "./read-body.ts"
import { isObject } from "./schema-answer.ts"
import { geminiPictureTokens, type GeminiResolution, geminiResolutions } from "./tokens.ts"
import type { JsonSchema, Refusal, SeenPicture, WireFormat } from "./wire.ts"

export const rpc = (name: string, rest: object): object => ({
  "@type": `type.googleapis.com/google.rpc.${name}`,
  ...rest,
})
export const invalid = (message: string, details?: readonly object[]): Refusal => ({
  status: 400,
  type: "INVALID_ARGUMENT",
  message,
  ...(details === undefined ? {} : { details }),
})
const invalidAt = (field: string, description: string): Refusal =>
  invalid(description, [rpc("BadRequest", { fieldViolations: [{ field, description }] })])

const knownKeys =
  "contents systemInstruction generationConfig safetySettings tools toolConfig cachedContent labels".split(" ")
const knownConfigKeys =
  `temperature topP topK candidateCount maxOutputTokens stopSequences responseMimeType responseSchema responseJsonSchema
   responseModalities mediaResolution thinkingConfig seed presencePenalty frequencyPenalty responseLogprobs logprobs
   enableEnhancedCivicAnswers speechConfig imageConfig`.split(/\s+/)

/** JSON for these messages may spell its names either way; below a schema they are the caller's own. */
const camelCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camelCase)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
      return [name, /^response(Json)?Schema$/.test(name) ? inner : camelCase(inner)]
    }),
  )
}

const resolutionOf = (level: string): GeminiResolution | undefined =>
  geminiResolutions.find((name) => level === `MEDIA_RESOLUTION_${name.toUpperCase()}`)
const level = v.picklist([
  "MEDIA_RESOLUTION_UNSPECIFIED",
  "MEDIA_RESOLUTION_LOW",
  "MEDIA_RESOLUTION_MEDIUM",
  "MEDIA_RESOLUTION_HIGH",
  "MEDIA_RESOLUTION_ULTRA_HIGH",
])
const part = v.object({
  text: v.optional(v.string()),
  inlineData: v.optional(v.object({ mimeType: v.string(), data: v.string() })),
  fileData: v.optional(v.object({ fileUri: v.string() })),
  mediaResolution: v.optional(v.object({ level })),
})
const parts = v.pipe(v.array(part), v.minLength(1, "must include at least one parts field"))
const schemaObject = v.custom<JsonSchema>(isObject)

const Body = v.object({
  contents: v.pipe(
    v.array(v.object({ role: v.optional(v.picklist(["user", "model", "function"]), "user"), parts })),
    v.minLength(1, "contents is not specified"),
  ),
  systemInstruction: v.optional(v.object({ parts })),
  generationConfig: v.optional(
    v.object({
      temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
      maxOutputTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      stopSequences: v.optional(v.pipe(v.array(v.string()), v.maxLength(5))),
      responseMimeType: v.optional(v.picklist(["text/plain", "application/json", "text/x.enum"])),
      responseSchema: v.optional(schemaObject),
      responseJsonSchema: v.optional(schemaObject),
      mediaResolution: v.optional(level),
    }),
    {},
  ),
})
type Body = v.InferOutput<typeof Body>

const wordProblem = ({ path, kind, message, expected }: BodyProblem): Refusal => {
  const field = path.reduce<string>(
    (place, key) => (typeof key === "number" ? `${place}[${key}]` : place === "" ? key : `${place}.${key}`),
    "",
  )
  if (kind === "missing") return invalidAt(field, `* GenerateContentRequest.${field}: is not specified`)
  if (kind === "wrong_type") return invalidAt(field, `Invalid value at '${field}': expected ${expected}`)
  return invalidAt(field, `* GenerateContentRequest.${field}: ${message}`)
}

const unknownName = (json: unknown): Refusal | undefined => {
  const config = isObject(json) ? json["generationConfig"] : undefined
  const name = unknownKey(json, knownKeys)
  const inConfig = unknownKey(config, knownConfigKeys)
  if (name === undefined && inConfig === undefined) return undefined
  const field = name === undefined ? "generation_config" : ""
  const where = field === "" ? "" : ` at '${field}'`
  return invalidAt(
    field,
    `Invalid JSON payload received. Unknown name "${name ?? inConfig}"${where}: Cannot find field.`,
  )
}

const configProblem = ({ generationConfig: config }: Body): Refusal | undefined => {
  if (config.responseSchema !== undefined && config.responseJsonSchema !== undefined) {
    return invalid("Only one of response_schema and response_json_schema may be set.")
  }
  const hasSchema = config.responseSchema !== undefined || config.responseJsonSchema !== undefined
  if (hasSchema && config.responseMimeType !== "application/json") {
    return invalid("A response schema is only allowed when response_mime_type is application/json.")
  }
  return undefined
}

const schemaOf = ({ generationConfig: config }: Body): JsonSchema | undefined => {
  if (config.responseMimeType !== "application/json") return undefined
  const schema = config.responseJsonSchema ?? config.responseSchema
  return schema ?? { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] }
}

const mimeTypes = ["image/png", "image/jpeg", "image/webp", "image/heic", "image/heif", "image/avif"]
const unreadable = invalid(
  "Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
)

const readImage = async (
  model: string,
  given: v.InferOutput<typeof part>,
  config: Body["generationConfig"],
  place: string,
) => {
  const { inlineData } = given
  if (inlineData === undefined) return undefined
  if (!mimeTypes.includes(inlineData.mimeType)) return invalid(`Unsupported MIME type: ${inlineData.mimeType}`)
  const bytes = decodeBase64(inlineData.data)
  if (bytes === undefined) {
    const field = `${place}.inline_data.data`
    return invalidAt(field, `Invalid value at '${field}' (TYPE_BYTES), Base64 decoding failed`)
  }
  const header = await readPicture(bytes)
  if (header === undefined || !mimeTypes.includes(`image/${header.format}`)) return unreadable
  const resolution = resolutionOf(given.mediaResolution?.level ?? config.mediaResolution ?? "")
  return { ...header, tokens: geminiPictureTokens(model, header, resolution) } satisfies SeenPicture
}

const notFound = (model: string): Refusal => ({
  status: 404,
  type: "NOT_FOUND",
  message:
    `models/${model} is not found for API version v1beta, or is not supported for generateContent. ` +
    "Call ListModels to see the list of available models and their supported methods.",
})

export const readGoogle: WireFormat["read"] = async (json, { model = "", stream = false }) => {
  if (!model.startsWith("gemini-")) return { refusal: notFound(model) }
  const named = camelCase(json)
  const checked = check(Body, named)
  if ("problem" in checked) return { refusal: wordProblem(checked.problem) }
  const body = checked.value
  const problem = unknownName(named) ?? configProblem(body)
  if (problem !== undefined) return { refusal: problem }

  const pictures: SeenPicture[] = []
  const texts: string[] = []
  let question = ""
  for (const [at, content] of body.contents.entries()) {
    for (const [index, one] of content.parts.entries()) {
      if (one.fileData !== undefined) {
        return {
          refusal: invalid("Cannot fetch content from the provided URL: the simulated provider downloads nothing."),
        }
      }
      const seen = await readImage(model, one, body.generationConfig, `contents[${at}].parts[${index}]`)
      if (seen !== undefined && "status" in seen) return { refusal: seen }
      if (seen !== undefined) pictures.push(seen)
      if (one.text !== undefined) texts.push(one.text)
      if (one.text !== undefined && content.role === "user") question = one.text
    }
  }
  const { maxOutputTokens, stopSequences } = body.generationConfig
  const schema = schemaOf(body)
  return {
    asked: {
      model,
      stream,
      usageInStream: true,
      system: (body.systemInstruction?.parts ?? []).map((one) => one.text ?? "").join("\n"),
      texts,
      question,
      pictures,
      stop: stopSequences ?? [],
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      ...(schema === undefined ? {} : { schema }),
    },
  }
}
