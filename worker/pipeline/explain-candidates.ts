import type { AttemptRecord, CandidateRecord, ConsensusRecord } from "../../contract/record.ts"
import { modelId } from "../routing/model-ref.ts"
import type { ModelRef } from "../routing/model-ref.ts"

/** The candidates, each with why it was taken or not, in words. */
export const explainCandidates = (
  ranked: readonly CandidateRecord[],
  attempts: readonly AttemptRecord[],
  consensus?: ConsensusRecord,
): readonly CandidateRecord[] =>
  ranked.map((candidate) => ({ ...candidate, verdict: verdictOf(candidate, ranked, attempts, consensus) }))

const same = (one: ModelRef, other: ModelRef): boolean => one.provider === other.provider && one.model === other.model

const verdictOf = (
  candidate: CandidateRecord,
  ranked: readonly CandidateRecord[],
  attempts: readonly AttemptRecord[],
  consensus: ConsensusRecord | undefined,
): string => {
  const own = attempts.filter((attempt) => same(attempt, candidate))
  const last = own.at(-1)
  if (last === undefined) return whyNotAsked(candidate, ranked, attempts)
  const vote = consensus?.votes.find((each) => same(each, candidate))
  if (vote !== undefined) return vote.agrees ? "asked; agrees with the answer" : "asked; disagrees with the answer"
  if (last.outcome === "answered") return "taken: it answered"
  if (last.outcome === "superseded") return "asked; stopped, for others had answered"
  const times = own.length === 1 ? "asked" : `asked ${own.length} times`
  return `${times}; failed: ${last.outcome}`
}

const whyNotAsked = (
  candidate: CandidateRecord,
  ranked: readonly CandidateRecord[],
  attempts: readonly AttemptRecord[],
): string => {
  if (candidate.standing !== "ready" && candidate.standing !== "probe") return `not asked: ${candidate.note}`
  const taken = ranked.find((each) => attempts.some((attempt) => same(attempt, each)))
  if (taken === undefined) return "not asked"
  const ahead = taken.selectionWeight - candidate.selectionWeight
  return ahead > 0
    ? `not asked: ${modelId(taken)} weighs ${ahead.toFixed(3)} more`
    : `not asked: ${modelId(taken)} came first, though it weighs no more`
}
