import { plainPolicy } from "../plain-policy.ts"
import type { Policy } from "../policy.ts"
import { coolDown, keepLast, knownOf, leastOf, notEjected } from "./known.ts"

/** LiteLLM's least-busy routing: fewest requests in flight, with its cooldown. */
export const leastBusy: Policy = plainPolicy({
  name: "least-busy (LiteLLM)",
  observe: (state, news) => coolDown(knownOf(state, news.candidate), news),
  choose: ({ state, inFlight, open, now, random }) =>
    leastOf(notEjected(state, open, now), (index) => inFlight[index] ?? 0, random),
})

/** LiteLLM's latency-based routing: the lowest mean time per token of the last ten; a timeout counts as 1,000 s. */
export const lowestLatency: Policy = plainPolicy({
  name: "latency (LiteLLM)",
  observe: (state, news) => {
    const known = knownOf(state, news.candidate)
    coolDown(known, news)
    if (news.kind === "answered") keepLast(known.lastMs, news.ms / news.tokens, 10)
    if (news.kind === "failed" && news.silent) keepLast(known.lastMs, 1_000_000, 10)
  },
  choose: ({ state, open, now, random }) =>
    leastOf(
      notEjected(state, open, now),
      (index) => {
        const { lastMs } = knownOf(state, index)
        return lastMs.length === 0 ? 0 : lastMs.reduce((sum, ms) => sum + ms, 0) / lastMs.length
      },
      random,
    ),
})
