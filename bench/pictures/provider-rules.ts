import { optimizeImage } from "../../worker/images/optimize-image.ts"
import { planImage } from "../../worker/images/plan-image.ts"
import { ruleFor } from "../../worker/images/provider-rules.ts"
import { costUsd, findModel } from "../../worker/providers/models.ts"
import type { Wire } from "../../worker/providers/provider.ts"
import { formatTable } from "../report.ts"
import type { MeasuredEngine } from "./engine.ts"
import { headerOf } from "./engine.ts"

/** One model of each kind of rule. */
const models: readonly (readonly [Wire, string])[] = [
  ["openai", "gpt-5.6-sol"],
  ["openai", "gpt-5.4"],
  ["openai", "gpt-4o"],
  ["anthropic", "claude-opus-5-5"],
  ["anthropic", "claude-sonnet-4-5"],
  ["google", "gemini-3-pro"],
  ["google", "gemini-2.5-pro"],
  ["openai", "llava"],
]

/** What becomes of a picture for each model, as a table for people. */
export const showRules = async (
  bytes: Uint8Array<ArrayBuffer>,
  reads: "text" | "scene",
  engine: MeasuredEngine,
): Promise<string> => {
  const lines: string[][] = []
  for (const [wire, model] of models) {
    const image = { index: 0, bytes, header: headerOf(bytes) }
    const plan = planImage(image, ruleFor(wire, model), { detail: "auto", reads })
    const { record } = await optimizeImage(image, plan, {
      engine,
      transform: async (job) => ({ ...(await engine.transform(job)), isReused: false }),
      now: () => 0,
    })
    const price = findModel({ provider: wire, model })
    const usd = (tokens: number): string =>
      price === undefined
        ? "?"
        : costUsd(price, { inputTokens: tokens * 1_000, outputTokens: 0, cachedInputTokens: 0 }).toFixed(2)
    lines.push([
      model,
      `${record.to.widthPx} × ${record.to.heightPx}`,
      record.to.format,
      kilobytes(record.from.sizeBytes),
      kilobytes(record.to.sizeBytes),
      String(record.from.tokens),
      String(record.to.tokens),
      usd(record.from.tokens),
      usd(record.to.tokens),
    ])
  }
  return formatTable(["model", "px", "format", "KB in", "KB out", "tokens in", "out", "$/1000 in", "out"], lines)
}

const kilobytes = (bytes: number): string => Math.round(bytes / 1_000).toLocaleString("en-US")
