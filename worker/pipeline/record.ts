import type { Usage } from "../../contract/analyze.ts"
import type { CostRecord } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import { checkTokens } from "../images/token-drift.ts"
import { readStructured } from "../prompts/read-structured.ts"
import { costUsd, findModel } from "../providers/models.ts"
import { explainCandidates } from "./explain-candidates.ts"
import { modelId } from "../routing/model-ref.ts"
import { estimateInputTokens } from "./estimate-input-tokens.ts"
import { finish } from "./finish.ts"
import { checkRefusedNeighbor } from "./check-neighbor.ts"
import { keepAnswer } from "./keep-answer.ts"
import { promptName } from "./prompt-name.ts"
import type { Analysis, AnalysisEvent, AnswerHead, Chosen } from "./stages.ts"

type Keeping = Pick<
  Gateway,
  "ports" | "settings" | "cacheKeys" | "embedder" | "providers" | "pictureMemory" | "tokenDrift"
>

/** Passes the answer on as it comes; at its end, keeps it in the cache and writes the record. */
export const record = (answering: Chosen, gateway: Keeping): Analysis => {
  const { question, candidate, cache, ranked, reason, attempts, imageRecords, consensus } = answering
  const head: AnswerHead = {
    id: question.id,
    provider: candidate.provider,
    model: candidate.model,
    prompt: promptName(question),
    notices: question.notices,
    cache,
    routing: {
      mode: question.mode,
      hedged: answering.hedged,
      reason,
      candidates: explainCandidates(ranked, attempts, consensus),
      attempts,
      ...(consensus === undefined ? {} : { consensus }),
    },
    images: imageRecords,
    estimatedMs: answering.estimate.p50Ms,
    estimatedP90Ms: answering.estimate.p90Ms,
  }
  return { head, events: recorded(answering, head, gateway) }
}

async function* recorded(answering: Chosen, head: AnswerHead, gateway: Keeping): AsyncGenerator<AnalysisEvent> {
  const { question, firstTokenMs, place } = answering
  const { ports } = gateway
  const { now } = ports
  let answer = ""
  let upstreamMs = question.watch.stages()["provider"] ?? 0
  let waitingSince = now()
  for await (const event of answering.events) {
    upstreamMs += now() - waitingSince
    if (event.type === "text") {
      answer += event.text
      yield event
      waitingSince = now()
      continue
    }
    const cost = { ...costOf(answering, event.usage), ...reconcile(answering, event.usage, gateway) }
    const { finishReason, usage } = event
    keepAnswer(answering, { answer, finishReason, usage, costUsd: cost.usd, imageTokens: cost.imageTokens }, gateway)
    checkRefusedNeighbor(answering, { answer, finishReason }, gateway)
    const structured = readStructured(answer, question.conversation === undefined ? question.queryType : undefined)
    yield {
      type: "done",
      response: finish(question, head, ports, {
        answer,
        structured,
        ...event,
        cost,
        upstreamMs,
        firstTokenMs,
        ...(place === undefined ? {} : { address: place.address }),
      }),
    }
    return
  }
}

/** Holds the provider's own count against the published formulas; a drift is logged, and counted for `/v1/status`. */
const reconcile = (
  { question, candidate, imageRecords, prompt }: Chosen,
  { inputTokens }: Usage,
  { ports, tokenDrift }: Pick<Gateway, "ports" | "tokenDrift">,
): Pick<CostRecord, "inputTokens"> => {
  // A server that reports no usage says nothing about the formula.
  if (inputTokens === 0) return {}
  const imageTokens = imageRecords.reduce((total, image) => total + image.to.tokens, 0)
  const textTokens = estimateInputTokens(prompt, imageRecords) - imageTokens
  const check = checkTokens({ textTokens, imageTokens }, inputTokens)
  if (imageTokens > 0 && tokenDrift.count(candidate, check, ports.now())) {
    ports.log({ message: "image tokens drifted", requestId: question.id, model: modelId(candidate), ...check })
  }
  return { inputTokens: check }
}

const costOf = ({ candidate, imageRecords, attempts }: Chosen, usage: Usage): CostRecord => {
  const price = findModel(candidate)
  const sum = (tokensOf: (image: (typeof imageRecords)[number]) => number): number =>
    imageRecords.reduce((total, image) => total + tokensOf(image), 0)
  const imageTokens = sum((image) => image.to.tokens)
  const imageTokensSaved = Math.max(0, sum((image) => image.from.tokens) - imageTokens)
  const otherAttemptsUsd = attempts.slice(0, -1).reduce((total, { usd = 0 }) => total + usd, 0)
  return {
    usd: (price === undefined ? 0 : costUsd(price, usage)) + otherAttemptsUsd,
    ...(otherAttemptsUsd === 0 ? {} : { otherAttemptsUsd }),
    savedUsd: price === undefined ? 0 : (imageTokensSaved * price.inputUsdPerMillion) / 1_000_000,
    imageTokens,
    imageTokensSaved,
    ...(price === undefined ? {} : { pricesCheckedAt: price.checkedAt }),
  }
}
