import * as v from "valibot"
import { fromBase64, toBase64 } from "../images/base64.ts"
import type { AnswerToKeep, CachedAnswer } from "../ports/answer-cache.ts"
import type { NearEntry } from "./near/near-entry.ts"

/** How stores write down what they keep, and how they read it back: what does not fit is nothing. */

const dayMs = 86_400_000

const count = v.pipe(v.number(), v.minValue(0))

const StoredAnswer: v.GenericSchema<unknown, CachedAnswer> = v.pipe(
  v.object({
    question: v.string(),
    answer: v.string(),
    provider: v.string(),
    model: v.string(),
    finishReason: v.picklist(["stop", "length", "refusal", "tool_use"]),
    usage: v.object({ inputTokens: count, outputTokens: count, cachedInputTokens: count }),
    costUsd: count,
    imageTokens: count,
    writtenAt: count,
    expiresAt: count,
    seal: v.exactOptional(v.string()),
  }),
  v.check(({ writtenAt, expiresAt }) => expiresAt <= writtenAt + dayMs),
)

export const writeAnswer = (answer: CachedAnswer): string => JSON.stringify(answer)

export const readAnswer = (text: unknown): CachedAnswer | undefined => readAs(StoredAnswer, text)

const longestVector = 4_096

const StoredNeighbor = v.object({
  question: v.string(),
  embedder: v.string(),
  vector: v.string(),
  answerHash: v.string(),
  writtenAt: count,
})

export const writeNeighbor = (
  { question, writtenAt }: Pick<CachedAnswer, "question" | "writtenAt">,
  { embedder, vector, answerHash }: NonNullable<AnswerToKeep["near"]>,
): string => {
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)
  return JSON.stringify({ question, embedder, vector: toBase64(bytes), answerHash, writtenAt })
}

export const readNeighbor = (id: string, text: unknown, quarantined: boolean): NearEntry | undefined => {
  const stored = readAs(StoredNeighbor, text)
  const bytes = fromBase64(stored?.vector ?? "")
  if (stored === undefined || bytes === undefined || bytes.length > longestVector) return undefined
  return { id, ...stored, vector: new Int8Array(bytes.buffer), ...(quarantined ? { quarantined } : {}) }
}

const readAs = <T>(schema: v.GenericSchema<unknown, T>, text: unknown): T | undefined => {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text)
  return parsed.success ? parsed.output : undefined
}
