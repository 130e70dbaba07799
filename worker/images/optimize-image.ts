import type { ImageRecord } from "../../contract/record.ts"
import { GatewayError } from "../errors.ts"
import type { ImageEngine } from "../ports/image-engine.ts"
import { CorruptImage } from "../ports/image-engine.ts"
import type { ReceivedImage, SentImage, Size } from "./image.ts"
import { uprightSize } from "./image.ts"
import { imagePath } from "./limits.ts"
import type { ImagePlan, Transform } from "./plan-image.ts"
import { pixels } from "./plan-image.ts"

export interface OptimizedImage {
  readonly sent: SentImage
  readonly record: ImageRecord
}

export interface OptimizeOptions {
  readonly engine: ImageEngine
  readonly now: () => number
}

/**
 * Carries out a plan. What the engine cannot hold is sent as it is, if the provider takes it; otherwise throws
 * `image_not_processable`. Throws `image_corrupt` when the picture does not decode. An original that the re-encoded
 * picture could not undercut goes out untouched, unless it would cost more tokens or lie on its side.
 */
export const optimizeImage = async (
  image: ReceivedImage,
  plan: ImagePlan,
  { engine, now }: OptimizeOptions,
): Promise<OptimizedImage> => {
  const startedAt = now()
  const original: SentImage = { index: image.index, bytes: image.bytes, format: image.header.format }
  const way = chooseWay(image, plan, engine)
  if (way.path !== "transformed") {
    return { sent: original, record: unchanged(image, plan, way.path, way.reason, now() - startedAt) }
  }
  const sent = await encodeSmallest(image, way.plan, engine)
  if (sent.bytes.length >= image.bytes.length && way.plan.originalIsEqual && way.plan.refusedAsIs === undefined) {
    const reason = `re-encoding would make ${sent.bytes.length} bytes of ${image.bytes.length}, for no fewer tokens`
    return { sent: original, record: unchanged(image, plan, "passed_through", reason, now() - startedAt) }
  }
  const to = { ...way.plan.target, sizeBytes: sent.bytes.length, format: sent.format, tokens: plan.tokens.after }
  return { sent, record: transformed(image, way.plan, engine, to, plan.reason, now() - startedAt) }
}

/**
 * The record that `optimizeImage` would give, without decoding anything: bytes are estimated in proportion to the
 * pixels, and the reason says so. Throws what `optimizeImage` would throw for a picture that cannot be processed.
 */
export const plannedRecord = (
  image: ReceivedImage,
  plan: ImagePlan,
  engine: Pick<ImageEngine, "name" | "maxPixels" | "reads">,
): ImageRecord => {
  const way = chooseWay(image, plan, engine)
  if (way.path !== "transformed") return unchanged(image, plan, way.path, way.reason, 0)
  const share = pixelCount(plan.target) / pixelCount(image.header)
  const sizeBytes = Math.max(1, Math.round(image.bytes.length * share))
  const to = { ...plan.target, sizeBytes, format: way.plan.formats[0], tokens: plan.tokens.after }
  return transformed(image, way.plan, engine, to, `${plan.reason}; its bytes are estimated from its pixels`, 0)
}

type Way =
  | { readonly path: "passed_through" | "sent_as_is"; readonly reason: string }
  | { readonly path: "transformed"; readonly plan: Transform }

const chooseWay = (
  { index, header }: ReceivedImage,
  plan: ImagePlan,
  engine: Pick<ImageEngine, "name" | "maxPixels" | "reads">,
): Way => {
  if (plan.action === "pass_through") return { path: "passed_through", reason: plan.reason }
  const obstacle = !engine.reads.includes(header.format)
    ? `${engine.name} does not read ${header.format.toUpperCase()}`
    : pixelCount(header) > engine.maxPixels
      ? `${pixels(header)} is more than the ${engine.maxPixels / 1_000_000} megapixels that ${engine.name} can hold here`
      : undefined
  if (obstacle === undefined) return { path: "transformed", plan }
  if (plan.refusedAsIs === undefined)
    return { path: "sent_as_is", reason: `${obstacle}; the provider takes the original` }
  throw new GatewayError(
    "image_not_processable",
    `${imagePath(index)} cannot be made ready: ${obstacle}, and as it is it cannot be sent, because ${plan.refusedAsIs}. ` +
      `Send it as JPEG or PNG with at most ${Math.floor(Math.sqrt(engine.maxPixels))} px a side.`,
  )
}

/** Tries the plan's formats in order and keeps the first that is smaller than the original, else the smallest. */
const encodeSmallest = async (image: ReceivedImage, plan: Transform, engine: ImageEngine): Promise<SentImage> => {
  const { index, bytes, header } = image
  let smallest: SentImage | undefined
  for (const format of plan.formats.filter((candidate) => engine.writes.includes(candidate))) {
    const encoded = await decoding(index, () =>
      engine.transform({ bytes, header, target: plan.target, format, quality: plan.quality }),
    )
    if (smallest === undefined || encoded.length < smallest.bytes.length) smallest = { index, bytes: encoded, format }
    if (encoded.length < bytes.length) break
  }
  if (smallest === undefined)
    throw new GatewayError("internal", `${engine.name} writes none of ${plan.formats.join(", ")}.`)
  return smallest
}

const decoding = async <T>(index: number, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CorruptImage)) throw error
    throw new GatewayError(
      "image_corrupt",
      `${imagePath(index)} is damaged: it has a good header, but its pixels do not decode.`,
      {
        cause: error,
      },
    )
  }
}

const unchanged = (
  image: ReceivedImage,
  plan: ImagePlan,
  path: "passed_through" | "sent_as_is",
  reason: string,
  durationMs: number,
): ImageRecord => {
  const side = received(image, plan)
  return { index: image.index, from: side, to: side, ratio: 1, path, optimized: false, reason, durationMs }
}

const transformed = (
  image: ReceivedImage,
  plan: Transform,
  { name }: Pick<ImageEngine, "name">,
  to: ImageRecord["to"],
  reason: string,
  durationMs: number,
): ImageRecord => ({
  index: image.index,
  from: received(image, plan),
  to,
  ratio: to.sizeBytes / image.bytes.length,
  path: pixelCount(plan.target) < pixelCount(image.header) ? "resized" : "reencoded",
  optimized: true,
  engine: name,
  reason,
  durationMs,
})

const received = ({ bytes, header }: ReceivedImage, plan: ImagePlan): ImageRecord["from"] => ({
  ...uprightSize(header),
  sizeBytes: bytes.length,
  format: header.format,
  tokens: plan.tokens.before,
})

const pixelCount = ({ widthPx, heightPx }: Size): number => widthPx * heightPx
