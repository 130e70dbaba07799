import { AnalyzeRequest, maxImages } from "../../contract/analyze.ts"
import { GatewayError } from "../errors.ts"
import { parseJson, readBody } from "./read-body.ts"
import type { ImageSource } from "./receive-images.ts"
import { validate } from "./validate.ts"

export interface ReadRequest extends Omit<AnalyzeRequest, "images"> {
  readonly images: readonly ImageSource[]
}

/** The body of `/v1/analyze` and `/v1/optimize`: JSON, or `multipart/form-data` with the pictures as files named `image` or `images`. */
export const readAnalyzeRequest = async (request: Request, maxBytes: number): Promise<ReadRequest> => {
  const type = request.headers.get("content-type") ?? ""
  const bytes = await readBody(request, maxBytes)
  if (!type.toLowerCase().startsWith("multipart/form-data")) return validate(AnalyzeRequest, parseJson(bytes))
  return readForm(await parseForm(bytes, type))
}

const parseForm = async (bytes: Uint8Array<ArrayBuffer>, type: string): Promise<FormData> => {
  try {
    return await new Response(bytes, { headers: { "content-type": type } }).formData()
  } catch (cause) {
    throw new GatewayError("invalid_request", "The body is not valid multipart/form-data; check its boundary.", {
      cause,
    })
  }
}

const imageFields = new Set(["image", "images", "image[]", "images[]"])
const numberFields = new Set(["maxOutputTokens", "temperature", "consensus", "maxWaitMs"])

/** A form's fields say the same as the JSON body's; files and text both count as pictures, in order. */
const readForm = async (form: FormData): Promise<ReadRequest> => {
  const images: ImageSource[] = []
  const body: Record<string, unknown> = {}
  for (const [name, value] of form.entries()) {
    if (imageFields.has(name)) {
      images.push(typeof value === "string" ? value : new Uint8Array(await value.arrayBuffer()))
    } else if (typeof value !== "string") {
      throw new GatewayError("invalid_request", `The file field "${name}" is not known; name pictures "image".`, {
        problems: [{ path: name, message: "Unknown file field." }],
      })
    } else body[name] = readField(name, value)
  }
  if (images.length > maxImages) {
    throw new GatewayError("too_many_images", `The form has ${images.length} pictures; send at most ${maxImages}.`)
  }
  // The schema sees a stand-in for each file: what a file holds is checked where its bytes are read.
  const checked = validate(AnalyzeRequest, { ...body, images: images.map(() => "file") })
  return { ...checked, images }
}

const readField = (name: string, value: string): unknown => {
  if (numberFields.has(name) && value.trim() !== "") return Number(value)
  if (name === "stream") return value === "true" ? true : value === "false" ? false : value
  if (name === "providers") return value.split(",").map((provider) => provider.trim())
  return value
}
