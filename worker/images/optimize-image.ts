import type { ImageRecord } from "../../contract/record.ts"
import { GatewayError } from "../errors.ts"
import type { ImageEngine, ImageJob } from "../ports/image-engine.ts"
import { CorruptImage } from "../ports/image-engine.ts"
import type { ImageFormat, ReceivedImage, SentImage, Size } from "./image.ts"
import { uprightSize } from "./image.ts"
import { imagePath } from "./limits.ts"
import type { ImagePlan, Transform } from "./plan-image.ts"
import type { MadeImage } from "./result-cache.ts"

export interface OptimizedImage {
  readonly sent: SentImage
  readonly record: ImageRecord
}

export interface OptimizeOptions {
  readonly engine: Pick<ImageEngine, "choose">
  /** By the engine, or what it made of the same before. */
  readonly transform: (job: ImageJob) => Promise<MadeImage>
  readonly now: () => number
}

/**
 * Carries out a plan. What the engine cannot hold is sent as it is, if the provider takes it; otherwise throws
 * `image_not_processable`. Throws `image_corrupt` when the picture does not decode. An original that the re-encoded
 * picture could not undercut goes out untouched, unless it would cost many more tokens or lie on its side.
 */
export const optimizeImage = async (
  image: ReceivedImage,
  plan: ImagePlan,
  { engine, transform, now }: OptimizeOptions,
): Promise<OptimizedImage> => {
  const startedAt = now()
  const original: SentImage = { index: image.index, bytes: image.bytes, format: image.header.format }
  const way = chooseWay(image, plan, engine)
  if (way.path !== "transformed") {
    return { sent: original, record: unchanged(image, plan, way.path, way.reason, now() - startedAt) }
  }
  const { target, formats, quality } = way.plan
  const { bytes, format, considered, isReused } = await decoding(image.index, () =>
    transform({ bytes: image.bytes, header: image.header, target, formats, quality }),
  )
  const sent: SentImage = { index: image.index, bytes, format }
  if (sent.bytes.length >= image.bytes.length && way.plan.originalIsEqual && way.plan.refusedAsIs === undefined) {
    const reason = `re-encoding would make ${sent.bytes.length} bytes of ${image.bytes.length}, for ${plan.tokens.after} tokens of ${plan.tokens.before}`
    const record = unchanged(image, plan, "passed_through", reason, now() - startedAt)
    return { sent: original, record: { ...record, considered } }
  }
  const to = { ...way.plan.target, sizeBytes: sent.bytes.length, format: sent.format, tokens: plan.tokens.after }
  const reason = `${plan.reason}; ${way.engine} ${way.why}`
  const record = transformed(image, way.plan, way.engine, to, reason, now() - startedAt)
  return { sent, record: { ...record, considered, ...(isReused ? { reused: true } : {}) } }
}

/**
 * The record that `optimizeImage` would give, without decoding anything: bytes are estimated in proportion to the
 * pixels, and the reason says so. Throws what `optimizeImage` would throw for a picture that cannot be processed.
 */
export const plannedRecord = (
  image: ReceivedImage,
  plan: ImagePlan,
  engine: Pick<ImageEngine, "choose">,
): ImageRecord => {
  const way = chooseWay(image, plan, engine)
  if (way.path !== "transformed") return unchanged(image, plan, way.path, way.reason, 0)
  const share = pixelCount(plan.target) / pixelCount(image.header)
  const sizeBytes = Math.max(1, Math.round(image.bytes.length * share))
  const to = { ...plan.target, sizeBytes, format: likelyFormat(image, way.plan), tokens: plan.tokens.after }
  const reason = `${plan.reason}; ${way.engine} ${way.why}; its bytes are estimated from its pixels`
  return transformed(image, way.plan, way.engine, to, reason, 0)
}

/** A PNG is a drawing more often than not; the engine knows only once it has seen the pixels. */
const likelyFormat = ({ header }: ReceivedImage, { formats }: Transform): ImageFormat =>
  header.format === "png" && formats.includes("png") ? "png" : "jpeg"

type Way =
  | { readonly path: "passed_through" | "sent_as_is"; readonly reason: string }
  | { readonly path: "transformed"; readonly plan: Transform; readonly engine: string; readonly why: string }

const chooseWay = (image: ReceivedImage, plan: ImagePlan, engine: Pick<ImageEngine, "choose">): Way => {
  if (plan.action === "pass_through") return { path: "passed_through", reason: plan.reason }
  const choice = engine.choose(image, plan.target)
  if ("engine" in choice) return { path: "transformed", plan, ...choice }
  const { obstacle, cure } = choice
  if (plan.refusedAsIs === undefined)
    return { path: "sent_as_is", reason: `${obstacle}; the provider takes the original` }
  throw new GatewayError(
    "image_not_processable",
    `${imagePath(image.index)} cannot be made ready: ${obstacle}, and as it is it cannot be sent, because ${plan.refusedAsIs}. ${cure}`,
  )
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
  engine: string,
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
  engine,
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
