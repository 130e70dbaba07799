import { spawn } from "node:child_process"
import sharp from "sharp"
import type { Diagram } from "./a3-diagram.ts"
import type { MeasuredEngine } from "./engine.ts"
import { transform } from "./engine.ts"

export interface Recall {
  readonly longEdgePx: number
  /** Shares of the labels that tesseract reads, to the letter. */
  readonly ours: number
  readonly lossless: number
  readonly pngBytes: number
  readonly jpegBytes: number
}

/** Reads the diagram as we would send it, and as a lossless resize to the same size by sharp. */
export const measureRecall = async (
  { png, labels }: Diagram,
  longEdgePx: number,
  engine: MeasuredEngine,
): Promise<Recall> => {
  const target = { widthPx: longEdgePx, heightPx: Math.round((longEdgePx * 2_970) / 4_200) }
  const ours = await transform(engine, png, target)
  const sized = sharp(png).resize(target.widthPx, target.heightPx, { fit: "fill" })
  const lossless = await sized.clone().png().toBuffer()
  const jpeg = await sized.clone().jpeg({ quality: 85 }).toBuffer()
  return {
    longEdgePx,
    ours: recallOf(labels, await readText(ours.bytes)),
    lossless: recallOf(labels, await readText(lossless)),
    pngBytes: ours.bytes.length,
    jpegBytes: jpeg.length,
  }
}

export const hasTesseract = async (): Promise<boolean> => {
  try {
    await run(["--version"], new Uint8Array(0))
    return true
  } catch {
    return false
  }
}

const recallOf = (labels: readonly string[], text: string): number => {
  const words = new Set(text.split(/\s+/))
  return labels.filter((label) => words.has(label)).length / labels.length
}

/** Sparse text in no order: what a drawing is. */
const readText = (picture: Uint8Array): Promise<string> =>
  run(["stdin", "stdout", "--psm", "11", "--dpi", "150"], picture)

const run = (args: readonly string[], input: Uint8Array): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn("tesseract", [...args], {
      env: { ...process.env, OMP_THREAD_LIMIT: "1" },
      stdio: ["pipe", "pipe", "ignore"],
    })
    const parts: Buffer[] = []
    child.stdout.on("data", (part: Buffer) => parts.push(part))
    child.once("error", reject)
    child.once("close", (code) =>
      code === 0 ? resolve(Buffer.concat(parts).toString()) : reject(new Error(`tesseract ended with ${code}.`)),
    )
    child.stdin.on("error", () => undefined)
    child.stdin.end(input)
  })
