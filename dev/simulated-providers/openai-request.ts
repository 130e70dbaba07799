import * as v from "valibot"
import { decodeBase64, readPicture } from "./picture.ts"
import { asParts, check, type BodyProblem, unknownKey } from "./read-body.ts"
import { openAiSchemaProblem } from "./strict-schema.ts"
import { openAiDetails, openAiPictureTokens } from "./tokens.ts"
import type { JsonSchema, Refusal, SeenPicture, WireFormat } from "./wire.ts"

export const refusal = (status: number, message: string, code?: string, param?: string): Refusal => ({
  status,
  type: status >= 500 ? "server_error" : "invalid_request_error",
  message,
  ...(code === undefined ? {} : { code }),
  ...(param === undefined ? {} : { param }),
})

const knownKeys =
  `messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens
   metadata modalities moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options
   prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier stop store stream
   stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options`.split(/\s+/)

const tokenLimit = v.optional(v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1))))
const part = v.variant("type", [
  v.object({ type: v.literal("text"), text: v.string() }),
  v.object({
    type: v.literal("image_url"),
    image_url: v.object({ url: v.string(), detail: v.optional(v.picklist(openAiDetails), "auto") }),
  }),
  v.object({ type: v.picklist(["input_audio", "file", "refusal"]) }),
])
const schemaObject = v.custom<JsonSchema>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
)

const Body = v.object({
  model: v.string(),
  messages: v.pipe(
    v.array(
      v.object({
        role: v.picklist(["system", "developer", "user", "assistant", "tool"]),
        content: v.pipe(v.unknown(), v.transform(asParts), v.array(part)),
      }),
    ),
    v.minLength(1, "Expected an array with minimum length 1, but got an empty array instead."),
  ),
  max_tokens: tokenLimit,
  max_completion_tokens: tokenLimit,
  temperature: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  n: v.nullish(v.pipe(v.number(), v.maxValue(1, "The simulated provider makes one choice: leave out 'n'."))),
  stop: v.nullish(v.union([v.string(), v.pipe(v.array(v.string()), v.maxLength(4))])),
  stream: v.nullish(v.boolean()),
  stream_options: v.nullish(v.object({ include_usage: v.nullish(v.boolean()) })),
  response_format: v.nullish(
    v.variant("type", [
      v.object({ type: v.picklist(["text", "json_object"]) }),
      v.object({
        type: v.literal("json_schema"),
        json_schema: v.object({
          name: v.pipe(
            v.string(),
            v.regex(/^[a-zA-Z0-9_-]{1,64}$/, "Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."),
          ),
          strict: v.nullish(v.boolean()),
          schema: v.optional(schemaObject, {}),
        }),
      }),
    ]),
  ),
})
type Body = v.InferOutput<typeof Body>

const place = (path: BodyProblem["path"]): string =>
  path.map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`)).join("")

const wordProblem = (problem: BodyProblem): Refusal => {
  const param = place(problem.path)
  switch (problem.kind) {
    case "missing":
      return refusal(400, `Missing required parameter: '${param}'.`, "missing_required_parameter", param)
    case "unknown":
      return refusal(400, `Unknown parameter: '${param}'.`, "unknown_parameter", param)
    case "wrong_type":
      return refusal(
        400,
        `Invalid type for '${param}': expected ${problem.expected}, but got ${problem.received} instead.`,
        "invalid_type",
        param,
      )
    case "wrong_value":
      return refusal(400, `Invalid value for '${param}'. ${problem.message}`, "invalid_value", param)
  }
}

/** Models that always think; 5.1 to 5.4 take a temperature because they don't think unless told to. */
const onlyDefaultTemperature = /^(o\d|gpt-5(-(?!chat)|$)|gpt-5\.[5-9]|gpt-[6-9])/

/** What this model takes is not what every model takes: the traps that a real key would spring. */
const modelProblem = (body: Body): Refusal | undefined => {
  if (!/^(gpt-|o\d)/.test(body.model)) {
    const message = `The model \`${body.model}\` does not exist or you do not have access to it.`
    return refusal(404, message, "model_not_found")
  }
  if (typeof body.max_tokens === "number" && /^(o\d|gpt-[5-9])/.test(body.model)) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    return refusal(400, message, "unsupported_parameter", "max_tokens")
  }
  if (typeof body.temperature === "number" && body.temperature !== 1 && onlyDefaultTemperature.test(body.model)) {
    const message = `Unsupported value: 'temperature' does not support ${body.temperature} with this model. Only the default (1) value is supported.`
    return refusal(400, message, "unsupported_value", "temperature")
  }
  return undefined
}

const schemaRefusal = (body: Body): Refusal | undefined => {
  const format = body.response_format
  if (format?.type !== "json_schema" || format.json_schema.strict !== true) return undefined
  const problem = openAiSchemaProblem(format.json_schema.schema)
  if (problem === undefined) return undefined
  const context = `(${problem.path.map((step) => `'${step}'`).join(", ")}${problem.path.length === 1 ? "," : ""})`
  const message = `Invalid schema for response_format '${format.json_schema.name}': In context=${context}, ${problem.message}`
  return refusal(400, message, undefined, "response_format")
}

/** The schema of the answer; `json_object` promises JSON without saying which. */
const schemaOf = (body: Body): JsonSchema | undefined => {
  const format = body.response_format
  if (format?.type === "json_schema") return format.json_schema.schema
  if (format?.type !== "json_object") return undefined
  return { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] }
}

const formats = ["png", "jpeg", "gif", "webp"]
const unsupportedImage = refusal(
  400,
  `You uploaded an unsupported image. Please make sure your image has of one the following formats: ['${formats.join("', '")}'].`,
  "invalid_image_format",
)

const readImage = async (
  model: string,
  { url, detail }: { readonly url: string; readonly detail: (typeof openAiDetails)[number] },
  param: string,
): Promise<SeenPicture | Refusal> => {
  const base64 = /^data:[^;,]*;base64,(.*)$/s.exec(url)?.[1]
  if (base64 === undefined) {
    const message = /^https?:/.test(url)
      ? "Error while downloading the image: the simulated provider downloads nothing. Send the picture itself, as a data URL."
      : "Invalid image URL. Expected a data URL with base64 data, or an http(s) URL."
    return refusal(400, message, "invalid_image_url", param)
  }
  const bytes = decodeBase64(base64)
  if (bytes === undefined) return refusal(400, "Invalid base64 image_url.", "invalid_base64", param)
  const header = await readPicture(bytes)
  if (header === undefined || !formats.includes(header.format)) return unsupportedImage
  return { ...header, tokens: openAiPictureTokens(model, header, detail) }
}

export const readOpenAi: WireFormat["read"] = async (json) => {
  const unknown = unknownKey(json, knownKeys)
  const checked = check(Body, json)
  if ("problem" in checked) return { refusal: wordProblem(checked.problem) }
  const body = checked.value
  if (unknown !== undefined) {
    return { refusal: wordProblem({ path: [unknown], kind: "unknown", message: "", received: "", expected: "" }) }
  }
  const problem = modelProblem(body) ?? schemaRefusal(body)
  if (problem !== undefined) return { refusal: problem }

  const pictures: SeenPicture[] = []
  const texts: string[] = []
  const system: string[] = []
  let question = ""
  for (const [at, { role, content }] of body.messages.entries()) {
    for (const [index, one] of content.entries()) {
      if (one.type === "image_url") {
        const seen = await readImage(body.model, one.image_url, `messages[${at}].content[${index}].image_url.url`)
        if ("status" in seen) return { refusal: seen }
        pictures.push(seen)
      } else if (one.type === "text") {
        const isSystem = role === "system" || role === "developer"
        ;(isSystem ? system : texts).push(one.text)
        if (role === "user") question = one.text
      }
    }
  }
  const maxOutputTokens = body.max_completion_tokens ?? body.max_tokens
  const schema = schemaOf(body)
  return {
    asked: {
      model: body.model,
      stream: body.stream === true,
      usageInStream: body.stream_options?.include_usage === true,
      system: system.join("\n"),
      texts,
      question,
      pictures,
      stop: [body.stop ?? []].flat(),
      ...(typeof maxOutputTokens === "number" ? { maxOutputTokens } : {}),
      ...(schema === undefined ? {} : { schema }),
    },
  }
}
