import type { NearRecord } from "../../contract/record.ts"
import { laneOf } from "../cache/audit/lane-book.ts"
import { areOne, pairKey } from "../cache/audit/wording-pairs.ts"
import { judgeNear } from "../cache/near/judge-near.ts"
import type { NearOptions } from "../cache/near/judge-near.ts"
import type { NearEntry } from "../cache/near/near-entry.ts"
import type { NearVerdict } from "../cache/near/near-verdict.ts"
import { refuseUnread } from "../cache/near/refuse-unread.ts"
import type { Gateway } from "../gateway.ts"
import type { CacheAddress, CacheEntry } from "../ports/answer-cache.ts"
import type { CachePlace, Neighbor, Question } from "./stages.ts"

/** An embedder that is slower saves less than it costs. */
const embedderDeadlineMs = 300

export interface NearAnswer {
  readonly address: CacheAddress
  readonly entry: CacheEntry
  readonly near: NearRecord
  readonly neighbor?: Neighbor
}

/** Nothing near enough: why, and the question's vector for the answer that is to come. */
export interface NoNearAnswer {
  readonly near: NearRecord
  readonly vector?: Int8Array
  readonly neighbor?: Neighbor
}

/**
 * Looks among the group's other questions for one whose answer is, as good as surely, the answer to this one too. The
 * neighbor's own words come from the store unsigned, so they only nominate: the entry that is read must bear them out.
 */
export const findNearAnswer = async (
  question: Question,
  { address }: Pick<CachePlace, "address">,
  neighbors: readonly NearEntry[],
  { ports, settings, embedder }: Pick<Gateway, "ports" | "settings" | "embedder">,
): Promise<NearAnswer | NoNearAnswer> => {
  const unread = refuseUnread(question.query)
  if (unread !== undefined) return { near: refusal(unread) }
  let vector: Int8Array
  try {
    vector = await embed(question, embedder)
  } catch (error) {
    ports.log({ message: "embedder unavailable", requestId: question.id, error: String(error) })
    return { near: { served: false, veto: "embedder_unavailable", detail: `${embedder.id} gave no vector` } }
  }
  const { query, images, queryType } = question
  const asked = { query, imageCount: images.length, queryType: queryType.name, vector, embedder: embedder.id }
  const lane = knownLane(question, ports)
  const verdict = judgeNear(asked, neighbors, { minConfidence: settings.nearLane.minConfidence, ...lane })
  const neighbor = neighborOf(verdict, address)
  const learnFrom = neighbor === undefined ? {} : { neighbor }
  if (!verdict.served) return { near: refusal(verdict), vector, ...learnFrom }
  const { similarity, confidence } = verdict
  const found = { question: verdict.entry.question, similarity, confidence }
  const refused = (veto: string, detail: string): NearRecord => ({ served: false, veto, detail, ...found })
  if (!lane.open) return { near: refused("lane_closed", laneClosed), vector, ...learnFrom }
  const served = { ...address, entry: verdict.entry.id }
  const entry = await readServed(served, verdict.entry, ports).catch((error: unknown) => {
    ports.log({ message: "near answer not read", requestId: question.id, error: String(error) })
    return undefined
  })
  if (entry === undefined) return { near: refused("gone", "its answer is not there any more"), vector }
  return { address: served, entry, near: { served: true, ...found }, ...learnFrom }
}

const laneClosed = "too many near answers of this type were wrong; the lane opens again once audits show otherwise"

/** What audits have found of this tenant's near answers of this query type. */
const knownLane = (
  { caller, queryType, images }: Pick<Question, "caller" | "queryType" | "images">,
  { lanes, now }: Pick<Gateway["ports"], "lanes" | "now">,
): Required<Pick<NearOptions, "evidence" | "areOne">> & { readonly open: boolean } => {
  if (lanes === undefined) return { open: true, evidence: [], areOne: () => false }
  const book = lanes.book(caller.tenant)
  const { open, evidence } = laneOf(book, queryType.name, now())
  return { open, evidence, areOne: (one, other) => areOne(book.pairs, pairKey(one, other, images.length)) }
}

/** The neighbor that there is something to learn about: one that no veto told apart. */
const neighborOf = (verdict: NearVerdict, asked: CacheAddress): Neighbor | undefined => {
  const entry = verdict.served ? verdict.entry : verdict.nearest
  if (entry === undefined || verdict.bin === undefined) return undefined
  return {
    address: { ...asked, entry: entry.id },
    askedAt: asked,
    question: entry.question,
    bin: verdict.bin,
    wouldServe: verdict.served,
  }
}

const embed = async (
  { query, signal }: Pick<Question, "query" | "signal">,
  embedder: Gateway["embedder"],
): Promise<Int8Array> => {
  const [vector] = await embedder.embed([query], AbortSignal.any([signal, AbortSignal.timeout(embedderDeadlineMs)]))
  if (vector === undefined) throw new Error("The embedder gave no vector.")
  return vector
}

const readServed = async (
  address: CacheAddress,
  nominated: NearEntry,
  { cache }: Pick<Gateway["ports"], "cache">,
): Promise<CacheEntry | undefined> => {
  const entry = await cache?.read(address)
  return entry?.answer.question === nominated.question ? entry : undefined
}

const refusal = (verdict: Extract<NearVerdict, { served: false }>): NearRecord => ({
  served: false,
  veto: verdict.veto,
  detail: verdict.detail,
  ...(verdict.nearest === undefined ? {} : { question: verdict.nearest.question }),
  ...(verdict.similarity === undefined ? {} : { similarity: verdict.similarity }),
  ...(verdict.confidence === undefined ? {} : { confidence: verdict.confidence }),
})
