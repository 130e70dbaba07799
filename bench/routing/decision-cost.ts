import type { Snapshot } from "../../contract/provider-board.ts"
import { applyReport, emptyBook, snapshotOf } from "../../worker/routing/book.ts"
import { makeReport } from "../../worker/routing/local-news.ts"
import { modelId } from "../../worker/routing/model-ref.ts"
import { rankCandidates } from "../../worker/routing/rank-candidates.ts"

const models = Array.from({ length: 12 }, (_, index) => ({ provider: `p${index % 3}`, model: `m${index}` }))
const rounds = 15
const decisions = 4_000

/** Microseconds of CPU that one choice among twelve candidates takes: the least of some rounds, because others disturb. */
export const measureDecisionUs = (): number => {
  const now = Date.now()
  const snapshot = knownTwelve(now)
  const input = { inFlightHere: () => 3, now, random: Math.random, queryType: "count" }
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    for (let decision = 0; decision < decisions; decision++) rankCandidates(models, snapshot, input)
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / decisions)
  }
  return least
}

const knownTwelve = (now: number): Snapshot => {
  const observations = models.flatMap((model, index) =>
    Array.from({ length: 20 }, () => ({
      candidate: modelId(model),
      ok: true,
      firstTokenMs: 500 + 100 * index,
      responseTimeMs: 4_000 + 300 * index,
      outputTokens: 250,
      at: now,
    })),
  )
  return snapshotOf(applyReport(emptyBook, makeReport("a", {}, observations), now), now)
}
