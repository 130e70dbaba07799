import type { NearOptions } from "../near/judge-near.ts"
import type { NearVerdict } from "../near/near-verdict.ts"
import type { AnswerComparison } from "./compare-answers.ts"
import type { Judgement } from "./judge-questions.ts"
import { learn, newLane } from "./lane-state.ts"
import type { LaneState } from "./lane-state.ts"
import { mayJudge } from "./spending.ts"
import { areOne, learnPair, pairKey } from "./wording-pairs.ts"
import type { WordingPairs } from "./wording-pairs.ts"

/**
 * All that a deployment has learned about near questions of one tenant and query type. A plain value of bounded size, for
 * a store to keep: a lookup reads it, a check in the background changes it.
 */
export interface NearMemory {
  readonly lane: LaneState
  readonly pairs: WordingPairs
  /** Questions that were looked up, and questions put to the judge. */
  readonly lookups: number
  readonly judged: number
}

export const newMemory = (now: number): NearMemory => ({ lane: newLane(now), pairs: [], lookups: 0, judged: 0 })

export const countLookup = (memory: NearMemory): NearMemory => ({ ...memory, lookups: memory.lookups + 1 })

/** What the judge of near questions is given of it. A closed lane serves nothing, whatever the verdict: ask `memory.lane.open`. */
export const optionsFrom = (memory: NearMemory, minConfidence: number, imageCount: number): NearOptions => ({
  minConfidence,
  evidence: memory.lane.evidence,
  areOne: (asked, stored) => areOne(memory.pairs, pairKey(asked, stored, imageCount)),
})

/** A neighbor whose answer can now be compared, because a provider has answered the question too. */
export interface Check {
  readonly asked: string
  readonly stored: string
  readonly imageCount: number
  readonly verdict: NearVerdict
  readonly answers: AnswerComparison
}

/**
 * Whether the verdict is worth learning from: it served, or only want of confidence or a rival kept it from serving. A
 * question that a veto refused is another question, and its answer teaches nothing about those that are not.
 */
export const isInstructive = (verdict: NearVerdict): boolean =>
  verdict.served || verdict.veto === "confidence" || verdict.veto === "margin"

/** Whether to ask the small judge too: the answers do not differ, the wordings are not yet one, and the budget allows it. */
export const wantsJudge = (memory: NearMemory, { asked, stored, imageCount, answers }: Check): boolean =>
  answers.verdict !== "different" && !areOne(memory.pairs, pairKey(asked, stored, imageCount)) && mayJudge(memory)

/** Takes a check in, with what the judge said where it was asked. Its one call counts even when it said nothing usable. */
export const learnFrom = (
  memory: NearMemory,
  check: Check,
  judge: { readonly asked: boolean; readonly judgement?: Judgement | undefined },
  delta: number,
  now: number,
): NearMemory => {
  const { verdict, answers, imageCount } = check
  const judged = memory.judged + (judge.asked ? 1 : 0)
  if (!isInstructive(verdict) || verdict.bin === undefined) return { ...memory, judged }
  const { judgement } = judge
  const pairs = learnPair(memory.pairs, pairKey(check.asked, check.stored, imageCount), {
    answers,
    ...(judgement === undefined ? {} : { judgement }),
  })
  if (answers.verdict === "unclear") return { ...memory, judged, pairs }
  const right = answers.verdict === "same" && judgement !== "different"
  const finding = { bin: verdict.bin, right, weight: answers.weight, wouldServe: verdict.served }
  return { ...memory, judged, pairs, lane: learn(memory.lane, finding, delta, now) }
}
