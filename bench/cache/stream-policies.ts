import type { LaneNews } from "../../contract/lanes.ts"
import { canonicalForm } from "../../worker/cache/canonical-form.ts"
import { compareAnswers } from "../../worker/cache/audit/compare-answers.ts"
import { applyLaneNews, emptyLaneBook, laneOf, lookupsOf } from "../../worker/cache/audit/lane-book.ts"
import { isAudited, mayJudge } from "../../worker/cache/audit/spending.ts"
import { areOne, isSettled, pairKey } from "../../worker/cache/audit/wording-pairs.ts"
import { judgeNear } from "../../worker/cache/near/judge-near.ts"
import { createLexicalEmbedder } from "../../worker/cache/near/lexical-embedder.ts"
import type { NearEntry } from "../../worker/cache/near/near-entry.ts"
import type { NearVerdict } from "../../worker/cache/near/near-verdict.ts"
import { cosine } from "../../worker/cache/near/vector.ts"
import type { Random } from "./random.ts"

export interface Asked {
  readonly picture: number
  readonly query: string
  readonly intent: string
  /** What a provider would answer. */
  readonly answer: string
}

export interface Outcome {
  /** The cached answer, where one was served. */
  readonly served?: string
  readonly near?: true
  readonly judgeCalls: number
}

/** Takes one question after the other, and remembers. */
export type Policy = (asked: Asked) => Promise<Outcome>

interface Kept extends NearEntry {
  readonly answer: string
  readonly intent: string
}

const embedder = createLexicalEmbedder()
const embed = async (text: string): Promise<Int8Array> => {
  const [vector] = await embedder.embed([text], new AbortController().signal)
  return vector ?? new Int8Array()
}
const groupLimit = 64

/** A small model that judges two questions; how often it errs is assumed, towards what such models were seen to do. */
const judgeMisses = 0.1
const judgeFalsely = 0.02

/** Our lanes with the rules that check them in the background, as the gateway applies them. */
export const lanes = (random: Random, delta = 0.02): Policy => {
  const exact = new Map<string, Kept>()
  const groups = new Map<number, readonly Kept[]>()
  let book = emptyLaneBook
  const tell = (news: Partial<LaneNews>): void => {
    book = applyLaneNews(book, { delta, counts: {}, findings: [], pairs: [], judged: 0, ...news }, 0)
  }

  /** Once a provider has answered: its answer is compared with the neighbor's, and the judge may be asked. */
  const check = (asked: Asked, verdict: NearVerdict, neighbor: Kept): number => {
    if (verdict.bin === undefined || !isInstructive(verdict)) return 0
    const { verdict: said, weight } = compareAnswers(neighbor.answer, asked.answer)
    const key = pairKey(asked.query, neighbor.question, 1)
    const budget = { lookups: lookupsOf(laneOf(book, queryType, 0)), judged: book.judged }
    const isJudged = !verdict.served && said !== "different" && !isSettled(book.pairs, key) && mayJudge(budget)
    const judgement = isJudged ? { judgement: judge(asked.intent === neighbor.intent, random) } : {}
    const finding = { queryType, bin: verdict.bin, right: said === "same", weight, wouldServe: verdict.served }
    tell({
      pairs: [{ key, verdict: said, weight, ...judgement }],
      findings: said === "unclear" ? [] : [finding],
      judged: isJudged ? 1 : 0,
    })
    return isJudged ? 1 : 0
  }

  return async (asked) => {
    tell({ counts: { [queryType]: { miss: 1 } } })
    const place = `${asked.picture} ${canonicalForm(asked.query, 1)}`
    const found = exact.get(place)
    if (found !== undefined) return { served: found.answer, judgeCalls: 0 }
    const group = groups.get(asked.picture) ?? []
    const vector = await embed(asked.query)
    const { open, evidence } = laneOf(book, queryType, 0)
    const verdict = judgeNear({ query: asked.query, imageCount: 1, queryType, vector, embedder: embedder.id }, group, {
      minConfidence: 1 - delta,
      evidence,
      areOne: (one, other) => areOne(book.pairs, pairKey(one, other, 1)),
    })
    const entry = verdict.served ? verdict.entry : verdict.nearest
    const nearest = group.find((kept) => kept.id === entry?.id)
    if (verdict.served && nearest !== undefined && open) {
      const judgeCalls = isAudited(random()) ? check(asked, verdict, nearest) : 0
      return { served: nearest.answer, near: true, judgeCalls }
    }
    const judgeCalls = nearest === undefined ? 0 : check(asked, verdict, nearest)
    const kept = keep(asked, vector)
    exact.set(place, kept)
    groups.set(asked.picture, [...group, kept].slice(-groupLimit))
    return { judgeCalls }
  }
}

/** A question that a veto refused is another question; its answer teaches nothing of those that are not. */
const isInstructive = (verdict: NearVerdict): boolean =>
  verdict.served || verdict.veto === "confidence" || verdict.veto === "margin"

const queryType = "general"

const judge = (same: boolean, random: Random): "same" | "different" =>
  random() < (same ? 1 - judgeMisses : judgeFalsely) ? "same" : "different"

const keep = ({ query, answer, intent, picture }: Asked, vector: Int8Array): Kept => ({
  id: `${picture} ${query}`,
  question: query,
  embedder: embedder.id,
  vector,
  answerHash: answer,
  writtenAt: 0,
  answer,
  intent,
})

interface Observation {
  readonly similarity: number
  readonly right: boolean
}

/**
 * After vCache (Schroeder et al. 2025): each entry learns from its own past at what similarity its answer is right, and
 * serves only as far as that makes an error of more than δ unlikely; else the model is asked, and the entry learns.
 */
export const perEntryThresholds = (random: Random, delta = 0.02): Policy => {
  const groups = new Map<number, Kept[]>()
  const past = new Map<string, Observation[]>()
  return async (asked) => {
    const group = groups.get(asked.picture) ?? []
    groups.set(asked.picture, group)
    const vector = await embed(asked.query)
    const [nearest] = group
      .map((kept) => ({ kept, similarity: cosine(vector, kept.vector) }))
      .toSorted((one, other) => other.similarity - one.similarity)
    if (nearest !== undefined) {
      const seen = past.get(nearest.kept.id) ?? []
      if (random() > exploreChance(seen, nearest.similarity, delta))
        return { served: nearest.kept.answer, judgeCalls: 0 }
      const right = nearest.kept.answer === asked.answer
      past.set(nearest.kept.id, [...seen, { similarity: nearest.similarity, right }])
      if (right) return { judgeCalls: 0 }
    }
    group.push(keep(asked, vector))
    return { judgeCalls: 0 }
  }
}

/**
 * The paper's rule: explore with a chance of 1 − δ / (1 − α), where α = (1 − ε) · L is what a hit is right with, L by the
 * threshold's upper limit at confidence 1 − ε; the best ε counts.
 */
const exploreChance = (seen: readonly Observation[], similarity: number, delta: number): number => {
  if (seen.length === 0) return 1
  let chance = 1
  for (const [epsilon, deviations] of [
    [0.002, 2.88],
    [0.005, 2.58],
    [0.01, 2.33],
    [0.015, 2.17],
  ] as const) {
    const likelihood = 1 / (1 + Math.exp(-steepness * (similarity - upperThreshold(seen, deviations))))
    chance = Math.min(chance, 1 - delta / (1 - (1 - epsilon) * likelihood))
  }
  return Math.max(0, chance)
}
const steepness = 40

/** The likeliest place of a logistic step through the observations, with a prior around 0.9, and so many deviations above. */
const upperThreshold = (seen: readonly Observation[], deviations: number): number => {
  let [best, bestLoss] = [0.9, Number.POSITIVE_INFINITY]
  for (let threshold = 0.3; threshold <= 1.05; threshold += 0.01) {
    const loss = seen.reduce(
      (sum, { similarity, right }) => {
        const chance = 1 / (1 + Math.exp(-steepness * (similarity - threshold)))
        return sum - Math.log(Math.max(1e-9, right ? chance : 1 - chance))
      },
      ((threshold - 0.9) / 0.15) ** 2 / 2,
    )
    if (loss < bestLoss) [best, bestLoss] = [threshold, loss]
  }
  return best + (deviations * 0.12) / Math.sqrt(1 + seen.length)
}
