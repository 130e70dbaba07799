import { compareQuestions } from "./compare-questions.ts"
import type { Comparison } from "./compare-questions.ts"
import { confidenceOf, fittedFor, scoreOf } from "./confidence.ts"
import type { BinCounts } from "./confidence.ts"
import type { NearEntry } from "./near-entry.ts"
import type { NearRefusal, NearVerdict, NearVeto } from "./near-verdict.ts"
import { readQuestion } from "./read-question.ts"
import { refuseUnread } from "./refuse-unread.ts"
import { textFeatures } from "./text-features.ts"
import { cosine } from "./vector.ts"
import { vetoes } from "./vetoes/vetoes.ts"

/** A question for which exact and canonical lookup found nothing. */
export interface AskedQuestion {
  readonly query: string
  readonly imageCount: number
  /** Name of the query type. */
  readonly queryType: string
  readonly vector: Int8Array
  readonly embedder: string
}

export interface NearOptions {
  /** An answer is served only if it is right with at least this probability; 1 − δ. */
  readonly minConfidence: number
  /** What this tenant's own audits and verifications found for this query type, bin by bin. */
  readonly evidence?: readonly BinCounts[]
  /** Whether two wordings were found to ask one thing, on whatever pictures (`wording-pairs.ts`). */
  readonly areOne?: (asked: string, stored: string) => boolean
}

/** An entry with another answer must be less similar by this much, or the question lies between the two. */
const margin = 0.05
/** Neighbors that are read word by word; more of them would not be nearer. */
const mostRead = 8

interface Nominee {
  readonly entry: NearEntry
  readonly similarity: number
}
interface Read extends Nominee {
  readonly comparison: Comparison
  readonly refusal: { readonly veto: NearVeto; readonly detail: string } | undefined
}

/**
 * Decides whether an answer in the same picture group may serve this question. Similarity only nominates; then any veto
 * refuses, an entry with another answer must not be as near, and at last the confidence decides.
 */
export const judgeNear = (
  asked: AskedQuestion,
  neighbors: readonly NearEntry[],
  { minConfidence, evidence, areOne }: NearOptions,
): NearVerdict => {
  const unread = refuseUnread(asked.query)
  if (unread !== undefined) return unread
  const fitted = fittedFor(asked.embedder)
  const ranked = rank(asked, neighbors)
  const [nearest] = ranked
  if (nearest === undefined) return refuse("no_neighbor", "nothing to compare with")
  const nominees = ranked.filter(({ similarity }) => similarity >= fitted.nominatedFrom).slice(0, mostRead)
  if (nominees.length === 0) return refuse("too_far", "no question is close", nearest)

  const read = readNominees(asked, nominees)
  const [first] = read
  const open = read.filter(({ refusal }) => refusal === undefined)
  const [best] = open
  if (best === undefined) return refuse(first?.refusal?.veto ?? "too_far", first?.refusal?.detail ?? "", nearest)

  const { entry, similarity } = best
  const score = scoreOf(fitted, textFeatures(best.comparison), similarity)
  const { bin, confidence } = confidenceOf(fitted, score, evidence)
  // Wordings that were verified as one are worth what is asked for, whatever others of their kind are worth.
  const verified = open.find(
    ({ entry: { question }, comparison }) => !addsToOther(comparison) && areOne?.(asked.query, question),
  )
  if (verified !== undefined) {
    return { served: true, entry: verified.entry, similarity: verified.similarity, confidence: minConfidence, bin }
  }
  // An entry that a veto tells apart is known to be another question; one that nothing tells apart may be this one.
  const rival = open.find(
    (other) => other.entry.answerHash !== entry.answerHash && similarity - other.similarity < margin,
  )
  if (rival !== undefined) {
    return { ...refuse("margin", `"${rival.entry.question}" is as near, with another answer`, best), confidence, bin }
  }
  if (confidence >= minConfidence) return { served: true, entry, similarity, confidence, bin }
  const detail = `right in ${percent(confidence)} of such cases or more; ${percent(minConfidence)} are asked for`
  return { ...refuse("confidence", detail, best), confidence, bin }
}

/** Comparable entries, the most similar first. */
const rank = (asked: AskedQuestion, neighbors: readonly NearEntry[]): readonly Nominee[] =>
  neighbors
    .filter((entry) => entry.embedder === asked.embedder && entry.quarantined !== true)
    .map((entry) => ({ entry, similarity: cosine(asked.vector, entry.vector) }))
    .toSorted((one, other) => other.similarity - one.similarity)

const readNominees = (asked: AskedQuestion, nominees: readonly Nominee[]): readonly Read[] => {
  const question = readQuestion(asked.query)
  return nominees.map((nominee) => {
    const comparison = compareQuestions(question, readQuestion(nominee.entry.question))
    return { ...nominee, comparison, refusal: findVeto(comparison, asked.imageCount) }
  })
}

/**
 * One question is the other with words added: "the man", "the man in the hat". On pictures of one man both have one answer,
 * any number of times; on the next there are two men. So what such answers prove does not go from picture to picture.
 */
const addsToOther = ({ onlyAsked, onlyStored }: Comparison): boolean =>
  (onlyAsked.length === 0) !== (onlyStored.length === 0)

const findVeto = (comparison: Comparison, imageCount: number): Read["refusal"] => {
  for (const [veto, find] of vetoes) {
    const detail = find(comparison, imageCount)
    if (detail !== undefined) return { veto, detail }
  }
  return undefined
}

const refuse = (veto: NearVeto, detail: string, nominee?: Nominee): NearRefusal => ({
  served: false,
  veto,
  detail,
  ...(nominee === undefined ? {} : { nearest: nominee.entry, similarity: nominee.similarity }),
})

/** Down to a tenth, so that no figure looks like more than it is. */
const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`
