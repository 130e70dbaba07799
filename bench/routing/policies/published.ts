import { plainPolicy } from "../plain-policy.ts"
import type { Policy } from "../policy.ts"
import { keepLast, knownOf } from "./known.ts"

/**
 * The published rule, to the letter: load is requests ever sent, response time the mean of the last hundred whatever came
 * of them, availability the share of successes ever, and the choice a draw in proportion to the weights.
 */
export const published: Policy = plainPolicy({
  name: "published rule",
  observe: (state, news) => {
    const known = knownOf(state, news.candidate)
    if (news.kind === "sent") known.sent++
    if (news.kind === "answered") known.ok++
    if (news.kind === "failed" || news.kind === "refused") known.bad++
    if (news.kind === "answered" || news.kind === "failed") keepLast(known.lastMs, news.ms, 100)
  },
  choose: ({ state, open, random }) => {
    const weights = open.map((index) => {
      const { sent, ok, bad, lastMs } = knownOf(state, index)
      const meanMs = lastMs.length === 0 ? 3_000 : lastMs.reduce((sum, ms) => sum + ms, 0) / lastMs.length
      const availability = ok + bad === 0 ? 1 : ok / (ok + bad)
      return (
        0.85 * 0.4 + Math.max(0, 1 - meanMs / 30_000) * 0.3 + availability * 0.2 + Math.max(0, 1 - sent / 100) * 0.1
      )
    })
    let draw = random() * weights.reduce((sum, weight) => sum + weight, 0)
    return open.find((_, place) => (draw -= weights[place] ?? 0) <= 0) ?? open.at(-1)
  },
})
