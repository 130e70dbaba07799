import type { AnalyzeResponse, FinishReason, Usage } from "../../contract/analyze.ts"
import type { CostRecord, RequestRecord } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import type { CacheAddress } from "../ports/answer-cache.ts"
import { ledgerEntry } from "./ledger-entry.ts"
import type { AnswerHead, Question } from "./stages.ts"

export interface Outcome {
  readonly answer: string
  readonly structured?: unknown
  readonly finishReason: FinishReason
  readonly usage: Usage
  readonly cost: CostRecord
  readonly upstreamMs: number
  readonly firstTokenMs?: number
  /** Where the answer lies in the cache, or is going to. */
  readonly address?: CacheAddress
}

/** Closes the books on an answered request: its response with the whole record, one log line, a line of history and of the ledger. */
export const finish = (
  question: Question,
  head: AnswerHead,
  {
    now,
    log,
    history,
    lanes,
    ledger,
    background,
  }: Pick<Gateway["ports"], "now" | "log" | "history" | "lanes" | "ledger" | "background">,
  outcome: Outcome,
): AnalyzeResponse => {
  const totalMs = question.watch.elapsedMs()
  const { upstreamMs, firstTokenMs, cost, usage } = outcome
  const record: RequestRecord = {
    requestId: question.id,
    at: new Date(now()).toISOString(),
    queryType: question.queryType.name,
    prompt: head.prompt,
    notices: head.notices,
    cache: head.cache,
    routing: head.routing,
    images: head.images,
    cost,
    time: {
      totalMs,
      overheadMs: Math.max(0, totalMs - upstreamMs),
      upstreamMs,
      ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
      estimatedMs: head.estimatedMs,
      ...(head.estimatedP90Ms === undefined ? {} : { estimatedP90Ms: head.estimatedP90Ms }),
      stages: question.watch.stages(),
    },
  }
  log({
    message: "answered",
    requestId: question.id,
    tenant: question.caller.tenant,
    endpoint: question.endpoint,
    queryType: record.queryType,
    cache: record.cache.state,
    "gen_ai.provider.name": head.provider,
    "gen_ai.request.model": head.model,
    "gen_ai.usage.input_tokens": usage.inputTokens,
    "gen_ai.usage.output_tokens": usage.outputTokens,
    attempts: head.routing.attempts.length,
    finishReason: outcome.finishReason,
    usd: cost.usd,
    savedUsd: cost.savedUsd,
    totalMs,
    upstreamMs,
  })
  if (lanes !== undefined) {
    lanes.count(question.caller.tenant, record.queryType, record.cache.state)
    const sharing = lanes.sync(question.caller.tenant)
    if (sharing !== undefined) background(sharing)
  }
  background(ledger.remember(ledgerEntry(question, head, outcome.address, now())))
  if (history !== undefined) {
    const entry = { tenant: question.caller.tenant, endpoint: question.endpoint, status: 200, record }
    background(history.remember(entry))
  }
  return {
    id: question.id,
    answer: outcome.answer,
    ...(outcome.structured === undefined ? {} : { structured: outcome.structured }),
    queryType: record.queryType,
    provider: head.provider,
    model: head.model,
    finishReason: outcome.finishReason,
    usage,
    record,
  }
}
