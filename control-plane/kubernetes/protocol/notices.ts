import type { Notice } from "../../notifications/notice.ts"
import type { Policy } from "../policies/policy.ts"
import type { HistoryEntry, Refusal } from "./history-entry.ts"
import type { PolicyState } from "./state.ts"

/** What people should hear of a cycle; each key is told once, until it no longer holds. */
export interface News {
  readonly key: string
  readonly severity: Notice["severity"]
  readonly title: string
  readonly body: string
}

/** For so long numbers may be missing before anybody is woken. */
const badDataMs = 600_000

const grave: ReadonlySet<Refusal> = new Set([
  "other-owner",
  "changed-by-another",
  "rollout-stuck",
  "target-missing",
  "zero-replicas",
])

/** What is worth telling of a cycle. Conditions that last are told at their beginning alone. */
export const newsOf = (policy: Policy, entry: HistoryEntry, state: PolicyState, nowMs: number): readonly News[] => {
  const { decision, outcome } = entry
  const news: News[] = []
  const told = (key: string, severity: News["severity"], title: string, body: string): void =>
    void news.push({ key, severity, title, body })
  const counts = `${decision.currentReplicas} → ${decision.desiredReplicas}`
  switch (outcome.kind) {
    case "written":
      told(`written ${entry.id}`, "info", `${policy.name}: ${counts} replicas`, decision.reasons.join(" "))
      break
    case "failed":
      told("failed", "warning", `${policy.name}: ${counts} replicas could not be set`, outcome.reason)
      break
    case "overtaken":
      told(`overtaken ${entry.id}`, "warning", `${policy.name}: somebody else was quicker`, outcome.reason)
      break
    case "refused":
      if (grave.has(outcome.refusal)) told(outcome.refusal, "warning", `${policy.name} is left alone`, outcome.reason)
      break
    case "held":
    case "observed":
  }
  if (decision.code === "breaker")
    told("breaker", "critical", `${policy.name} stopped for an hour`, decision.reasons.join(" "))
  if (decision.code === "above-max" && decision.direction === "hold") {
    told("above-max", "warning", `${policy.name} has more replicas than allowed`, decision.reasons.join(" "))
  }
  if (state.badSinceMs !== undefined && nowMs - state.badSinceMs >= badDataMs) {
    const minutes = Math.floor(badDataMs / 60_000)
    told(
      "bad-data",
      "warning",
      `${policy.name} has had no number to go by for ${minutes} minutes`,
      decision.reasons.join(" "),
    )
  }
  return news
}

/** What was not told yet, as notices; conditions that no longer hold are forgotten, to be told again when they come back. */
export const noticesOf = (
  news: readonly News[],
  policy: Policy,
  state: PolicyState,
  { id, at }: Pick<HistoryEntry, "id" | "at">,
): { readonly notices: readonly Notice[]; readonly state: PolicyState } => ({
  notices: news
    .filter(({ key }) => !state.told.includes(key))
    .map(({ key, severity, title, body }) => ({
      id: `${id}-${key.split(" ")[0] ?? key}`,
      at,
      severity,
      subject: `deployment ${policy.namespace}/${policy.deployment}`,
      title,
      body,
    })),
  state: { ...state, told: news.map(({ key }) => key).filter((key) => !key.includes(" ")) },
})
