/**
 * What the picture step costs and keeps. How not to be fooled:
 * - CPU counts as a ratio to sharp in the same run and process, with one thread each: sharp is native code with vector
 *   instructions, ours is JavaScript, as in a Worker. Megahertz and neighbors change both alike.
 * - Our first picture is slower than those after it, since its code is not compiled yet; both are shown.
 * - Memory is what our reader and encoders ask for, by their own books. The JavaScript engine's own needs come on top, and
 *   so do the received bytes, where the name does not say "with input".
 * - Labels are drawn with strokes of our own, which tesseract does not know as a font. It is no vision model: look at
 *   differences between two pictures of one size, not at how many labels it reads.
 * - Photos are the sample photo made larger, with grain; they have no detail that fine optics would show.
 */
import type { Bench, BenchOptions, BenchResult } from "../bench.ts"
import type { Row } from "../report.ts"
import { conditionsNow, formatRows, row } from "../report.ts"
import { drawA3Diagram } from "./a3-diagram.ts"
import type { CpuCase, CpuResult } from "./compare-cpu.ts"
import { compareCpu } from "./compare-cpu.ts"
import { createEngine } from "./engine.ts"
import type { Recall } from "./label-recall.ts"
import { hasTesseract, measureRecall } from "./label-recall.ts"
import { makePhotos } from "./photos.ts"
import { showRules } from "./provider-rules.ts"
import { refuseBombsMs } from "./refuse-bombs.ts"

const megabyte = 1_000_000

/** What a Worker must reach to be usable without the paid binding; by name of the case. */
const goals: Readonly<
  Record<string, { readonly ratio: number; readonly mb: number; readonly memory: "held" | "with input" }>
> = {
  "12 MP JPEG to 1024 px JPEG": { ratio: 2.6, mb: 25, memory: "with input" },
  "24 MP JPEG to 1024 px JPEG": { ratio: 2.3, mb: 36, memory: "with input" },
  "24 MP progressive JPEG to 1024 px JPEG": { ratio: 2.3, mb: 36, memory: "with input" },
  "12 MP drawing to 1024 px palette PNG": { ratio: 2.5, mb: 10, memory: "held" },
  "12 MP drawing to 2296 px palette PNG": { ratio: 2.5, mb: 10, memory: "held" },
}

const run = async ({ seconds, onProgress }: BenchOptions): Promise<BenchResult> => {
  const isQuick = seconds < 5
  onProgress("Drawing an A3 sheet and two photos …")
  const diagram = await drawA3Diagram()
  const photos = await makePhotos()
  const engine = createEngine()
  const cases: readonly CpuCase[] = [
    {
      name: "12 MP JPEG to 1024 px JPEG",
      bytes: photos.jpeg12,
      target: { widthPx: 1_024, heightPx: 768 },
      format: "jpeg",
      withPhoton: true,
    },
    {
      name: "24 MP JPEG to 1024 px JPEG",
      bytes: photos.jpeg24,
      target: { widthPx: 1_024, heightPx: 683 },
      format: "jpeg",
      withPhoton: false,
    },
    {
      name: "24 MP progressive JPEG to 1024 px JPEG",
      bytes: photos.progressive24,
      target: { widthPx: 1_024, heightPx: 683 },
      format: "jpeg",
      withPhoton: false,
    },
    {
      name: "12 MP drawing to 1024 px palette PNG",
      bytes: diagram.png,
      target: { widthPx: 1_024, heightPx: 724 },
      format: "png",
      withPhoton: true,
    },
    {
      name: "12 MP drawing to 2296 px palette PNG",
      bytes: diagram.png,
      target: { widthPx: 2_296, heightPx: 1_624 },
      format: "png",
      withPhoton: false,
    },
  ]
  onProgress("CPU and memory against sharp …")
  const results = await compareCpu(cases, isQuick ? 3 : Math.max(5, Math.round(seconds * 1.5)), engine)
  const recalls: Recall[] = []
  if (await hasTesseract()) {
    for (const edge of isQuick ? [1_568] : [1_024, 1_568, 2_048, 2_296]) {
      onProgress(`Reading labels at ${edge} px …`)
      recalls.push(await measureRecall(diagram, edge, engine))
    }
  } else onProgress("No label is read: tesseract is not installed.")
  const rows = [
    ...results.flatMap(rowsOf),
    row("a bomb is refused", refuseBombsMs(), "ms", { target: 1 }),
    ...recalls.flatMap(recallRows),
  ]
  const tables = [
    `The A3 sheet (${(diagram.png.length / 1_000).toFixed(0)} KB, ${diagram.labels.length} labels), read as text:`,
    await showRules(diagram.png, "text", engine),
    `The photo of 12 megapixels (${(photos.jpeg12.length / megabyte).toFixed(1)} MB), seen as a scene:`,
    await showRules(photos.jpeg12, "scene", engine),
  ]
  return {
    report: { bench: "pictures", conditions: conditionsNow(), rows },
    text: [formatRows(rows), ...tables].join("\n\n"),
  }
}

const rowsOf = (result: CpuResult): readonly Row[] => {
  const goal = goals[result.name]
  const bytes = goal?.memory === "held" ? result.heldBytes : result.withInputBytes
  return [
    row(`${result.name}: CPU`, result.oursRatio, "× sharp", {
      ...(result.photonRatio === undefined ? {} : { anchor: result.photonRatio }),
      ...(goal === undefined ? {} : { target: goal.ratio }),
    }),
    row(`${result.name}: CPU of the first`, result.firstRatio, "× sharp"),
    row(`${result.name}: longest in one go`, result.stretchMs, "ms"),
    row(
      `${result.name}: memory ${goal?.memory ?? ""}`,
      bytes / megabyte,
      "MB",
      goal === undefined ? {} : { target: goal.mb },
    ),
  ]
}

const recallRows = ({ longEdgePx, ours, lossless, pngBytes, jpegBytes }: Recall): readonly Row[] => [
  row(`labels lost at ${longEdgePx} px (of ${(lossless * 100).toFixed(0)} % read)`, (lossless - ours) * 100, "points", {
    target: 3,
  }),
  row(`drawing at ${longEdgePx} px against JPEG q85`, (pngBytes / jpegBytes) * 100, "%", { target: 30 }),
]

export const pictures: Bench = {
  name: "pictures",
  about: "what the picture step costs against sharp and photon, and which labels it keeps",
  seconds: 6,
  quickSeconds: 2,
  run,
}
