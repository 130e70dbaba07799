import type { AnalyzeResponse } from "../../contract/analyze.ts"
import type { ImageRecord, RoutingRecord } from "../../contract/record.ts"
import type { AnswerHead } from "../pipeline/stages.ts"

/** The response headers that are known when an answer begins. */
export const headHeaders = (head: AnswerHead): Record<string, string> => ({
  "x-voltgate-request-id": head.id,
  "x-voltgate-cache": head.cache.state,
  ...(head.cache.reason === undefined ? {} : { "x-voltgate-cache-reason": head.cache.reason }),
  ...(head.cache.ageS === undefined ? {} : { age: String(head.cache.ageS) }),
  "x-voltgate-provider": head.provider,
  "x-voltgate-model": head.model,
  "x-voltgate-attempts": String(head.routing.attempts.length),
  ...howHeaders(head.routing),
  ...imageHeaders(head.images),
  "x-voltgate-routing-reason": asciiOnly(head.routing.reason),
})

/** The pictures' totals; none where the cache answered, and no picture was touched. */
const imageHeaders = (images: readonly ImageRecord[]): Record<string, string> => {
  if (images.length === 0) return {}
  const sum = (of: (image: ImageRecord) => number): number => images.reduce((total, image) => total + of(image), 0)
  const [received, sent] = [sum(({ from }) => from.sizeBytes), sum(({ to }) => to.sizeBytes)]
  return {
    "x-voltgate-image-bytes": String(sent),
    "x-voltgate-image-bytes-saved": String(received - sent),
    "x-voltgate-image-ms": String(sum(({ durationMs }) => durationMs)),
  }
}

const howHeaders = ({ mode, hedged, consensus }: RoutingRecord): Record<string, string> => ({
  ...(mode === undefined ? {} : { "x-voltgate-mode": mode }),
  ...(hedged === true ? { "x-voltgate-hedged": "true" } : {}),
  ...(consensus === undefined ? {} : { "x-voltgate-agreement": `${consensus.agreeing}/${consensus.asked}` }),
})

/** Those and the totals, for an answer that is sent whole. */
export const wholeHeaders = (head: AnswerHead, { record }: AnalyzeResponse): Record<string, string> => ({
  ...headHeaders(head),
  "x-voltgate-overhead-ms": String(record.time.overheadMs),
  "x-voltgate-upstream-ms": String(record.time.upstreamMs),
  "x-voltgate-cost-usd": money(record.cost.usd),
  "x-voltgate-saved-usd": money(record.cost.savedUsd),
  "x-voltgate-image-tokens": String(record.cost.imageTokens),
  "x-voltgate-image-tokens-saved": String(record.cost.imageTokensSaved),
  "server-timing": Object.entries(record.time.stages)
    .map(([stage, durationMs]) => `${stage};dur=${durationMs}`)
    .join(", "),
})

const money = (usd: number): string => usd.toFixed(6)

/** Header values are bytes; a model's name from the settings may hold anything. */
const asciiOnly = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?")
