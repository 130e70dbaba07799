import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { estimateAll, estimateResponseTime } from "../routing/estimate-response-time.ts"
import { modelId } from "../routing/model-ref.ts"
import { byProviderInTurn } from "../routing/by-provider-in-turn.ts"
import { directiveFor, underDirectives } from "../routing/directives.ts"
import { rankCandidates } from "../routing/rank-candidates.ts"
import { kindOf } from "./kind-of.ts"
import { shareNews } from "./share-news.ts"
import { allDrained } from "./all-drained.ts"
import type { Miss, Routed } from "./stages.ts"

/** Ranks all that may answer by what this isolate knows now. Waits for nobody: sharing that knowledge is background work. */
export const selectProviders = (miss: Miss, { ports, settings }: Pick<Gateway, "ports" | "settings">): Routed => {
  const { question } = miss
  const now = ports.now()
  const snapshot = ports.board.snapshot(now)
  const byWeight = rankCandidates(question.allowed, snapshot, {
    inFlightHere: ports.board.inFlightHere,
    now,
    random: ports.random,
    queryType: question.queryType.name,
    mostOutputTokens: question.maxOutputTokens ?? question.queryType.maxOutputTokens,
    selection: settings.selection,
  })
  shareNews(ports, now)
  const directives = ports.board.directives(now)
  const ranked = underDirectives(byWeight, directives, now)
  const [best] = ranked
  if (best === undefined) {
    throw new GatewayError(
      "no_provider",
      "No provider is allowed for this request. Widen `providers`, or the key's own list.",
    )
  }
  if (best.standing === "drained") throw allDrained(ranked, directives, now)
  const reason =
    ranked.length === 1
      ? `${modelId(best)} is the only candidate`
      : directiveFor(directives, best, now) !== undefined
        ? `${modelId(best)} is pinned`
        : `${modelId(best)} has the best weight, ${best.selectionWeight.toFixed(3)}, of ${ranked.length} candidates`
  return {
    ...miss,
    ranked,
    reason,
    // Several that are asked at once take as long as the slowest of them.
    estimate: estimateAll(
      byProviderInTurn(ranked)
        .slice(0, question.votes)
        .map((each) => estimateResponseTime(each, kindOf(question), snapshot)),
    ),
  }
}
