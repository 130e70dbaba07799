import type { ImageRecord, ImageSide } from "../../contract/record.ts"
import { showForeign } from "../doctor/foreign-text.ts"
import type { ShownPlan } from "./plan-reply.ts"

const paths: Readonly<Record<ImageRecord["path"], string>> = {
  passed_through: "passed through",
  resized: "resized",
  reencoded: "encoded anew",
  sent_as_is: "sent as it is",
}

/** Per picture what comes in and what goes out, and why; then what it saves in all. */
export const showPlan = (files: readonly string[], { candidates, images, notices, estimate }: ShownPlan): string => {
  const [first] = candidates
  const pictures = images.flatMap(({ from, to, path, reason }, i) => [
    files[i] ?? `picture ${i + 1}`,
    `  in   ${showSide(from)}`,
    `  out  ${showSide(to)}, ${paths[path]}`,
    `  why  ${showForeign(reason, [])}`,
    "",
  ])
  return [
    ...notices.map((notice) => `Note: ${showForeign(notice, [])}`),
    `For ${showForeign(`${first?.provider}/${first?.model}`, [])}:`,
    "",
    ...pictures,
    summarize(images, estimate),
  ].join("\n")
}

const showSide = ({ widthPx, heightPx, sizeBytes, format, tokens }: ImageSide): string =>
  `${widthPx} × ${heightPx} px ${format.toUpperCase()}, ${showBytes(sizeBytes)}, ${grouped(tokens)} tokens`

const summarize = (images: ShownPlan["images"], { savedUsd }: ShownPlan["estimate"]): string => {
  const saved = (of: (side: ImageSide) => number): number =>
    images.reduce((sum, { from, to }) => sum + of(from) - of(to), 0)
  const tokens = saved((side) => side.tokens)
  const bytes = saved((side) => side.sizeBytes)
  if (tokens <= 0 && bytes <= 0) return "Saves nothing: what comes in is what the model looks at."
  const dollars = savedUsd > 0 ? `, $${savedUsd.toFixed(6)} a call` : ""
  return `Saves ${grouped(Math.max(0, tokens))} tokens${dollars}, and about ${showBytes(Math.max(0, bytes))}.`
}

const showBytes = (bytes: number): string =>
  bytes >= 1_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${Math.ceil(bytes / 1_000)} KB`

const grouped = (count: number): string => count.toLocaleString("en-US")
