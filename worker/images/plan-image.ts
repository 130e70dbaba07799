import type { ImageFormat, ReceivedImage, Size } from "./image.ts"
import { uprightSize } from "./image.ts"
import { imageTokens } from "./image-tokens.ts"
import type { ImageRule } from "./provider-rules.ts"
import type { Looking } from "./target-size.ts"
import { targetSize } from "./target-size.ts"

export type PlanOptions = Looking

/** What both kinds of plan know. */
interface Planned {
  /** Why, in a sentence for the record. */
  readonly reason: string
  /** Size of the picture as it will be sent. */
  readonly target: Size
  /** By the model's formula, for the picture as received and as sent. */
  readonly tokens: { readonly before: number; readonly after: number }
}

export interface PassThrough extends Planned {
  readonly action: "pass_through"
}

export interface Transform extends Planned {
  readonly action: "transform"
  /** Formats that the provider takes. */
  readonly formats: readonly ImageFormat[]
  readonly quality: number
  /** Why the provider would not take the original as it is; absent when it would. */
  readonly refusedAsIs?: string
  /** Whether the original, sent as it is, would be seen upright, in its colors, and cost hardly more tokens. */
  readonly originalIsEqual: boolean
}

export type ImagePlan = PassThrough | Transform

/** A fifth of a picture's tokens is worth sending more bytes than came in; less is not. */
const hardlyMore = 1.25

/** What a picture should become for one model: nothing, when it is already what the model looks at. */
export const planImage = ({ bytes, header }: ReceivedImage, rule: ImageRule, options: PlanOptions): ImagePlan => {
  const size = uprightSize(header)
  const target = targetSize(rule, size, options)
  const isSmaller = target.widthPx < size.widthPx || target.heightPx < size.heightPx
  const isUpright = header.orientation === 1
  const refusedAsIs = refusal(bytes.length, header.format, header.frames, size, rule)
  const reasons = [
    ...(isSmaller ? [`${pixels(size)} to ${pixels(target)}: ${sizeReason(rule, options)}`] : []),
    ...(isUpright ? [] : ["its EXIF rotation is baked in"]),
    ...(header.cmyk === true ? ["it is CMYK, which not every decoder shows in its true colors"] : []),
    ...(refusedAsIs === undefined ? [] : [refusedAsIs]),
  ]
  const before = imageTokens(rule, size, options.detail)
  const after = imageTokens(rule, target, options.detail)
  if (reasons.length === 0) {
    const fits = rule.sizing.kind === "box" ? unruled(rule.sizing.boxPx) : `is just what ${rule.family} takes`
    const reason = `${pixels(size)} ${header.format.toUpperCase()} ${fits}`
    return { action: "pass_through", reason, target: size, tokens: { before, after: before } }
  }
  return {
    action: "transform",
    reason: reasons.join("; "),
    target,
    tokens: { before, after },
    formats: rule.formats,
    quality: rule.quality,
    originalIsEqual: isUpright && header.cmyk !== true && before <= after * hardlyMore,
    ...(refusedAsIs === undefined ? {} : { refusedAsIs }),
  }
}

const unruled = (boxPx: number): string =>
  `fits our box of ${boxPx} px; no rule for pictures is published for this model`

/** Why a picture is shrunk to its target, in the words of `targetSize`'s decisions. */
const sizeReason = ({ family, sizing, quality }: ImageRule, { detail, reads }: PlanOptions): string => {
  if (detail === "low") return "low detail was asked for"
  if (sizing.kind === "box") {
    return `no rule for pictures is published for this model, so it gets our box of ${sizing.boxPx} px at quality ${quality}`
  }
  if (sizing.kind === "flat") return `${family} charges the same for any size, and reads all it needs from this one`
  const isOurs =
    sizing.kind === "crops"
      ? detail !== "original"
      : sizing.kind === "patches" && detail === "auto" && sizing.keepsOriginal.includes("auto")
  if (!isOurs) return `${family} would shrink it to this itself`
  return reads === "text"
    ? "small text is read as well as in the original"
    : "a scene is seen as well as in the original"
}

const refusal = (
  sizeBytes: number,
  format: ImageFormat,
  frames: number,
  size: Size,
  rule: ImageRule,
): string | undefined => {
  if (!rule.formats.includes(format)) return `${rule.family} does not take ${format.toUpperCase()}`
  if (frames > 1) return "it is animated, and models look at one picture"
  if (sizeBytes > rule.maxSizeBytes)
    return `${sizeBytes} bytes are more than the ${rule.maxSizeBytes} that ${rule.family} takes`
  if (Math.max(size.widthPx, size.heightPx) > rule.maxEdgePx)
    return `${rule.family} takes at most ${rule.maxEdgePx} px a side`
  return undefined
}

export const pixels = ({ widthPx, heightPx }: Size): string => `${widthPx} × ${heightPx} px`
