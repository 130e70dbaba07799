import type { FinishReason } from "../../contract/analyze.ts"
import { compareAnswers } from "../cache/audit/compare-answers.ts"
import { pairKey } from "../cache/audit/wording-pairs.ts"
import { mayBeCached } from "../cache/may-be-cached.ts"
import type { Gateway } from "../gateway.ts"
import type { Chosen, Neighbor, Question } from "./stages.ts"

/** Equal answers that prove less than this may be equal by chance, as "yes" and "yes" are. */
const telling = 0.8

/**
 * Compares an answer of the question's own with the neighbor's, and lets the lane learn from it. A neighbor that was
 * served and was wrong is quarantined with its aliases; one that was right gets this wording as an alias.
 */
export const checkNeighbor = async (
  { caller, query, queryType, images }: Pick<Question, "caller" | "query" | "queryType" | "images">,
  { address, askedAt, question, bin, wouldServe }: Neighbor,
  answer: string,
  { ports, served }: Pick<Gateway, "ports"> & { readonly served: boolean },
): Promise<void> => {
  const { cache, lanes } = ports
  if (cache === undefined || lanes === undefined) return
  const entry = await cache.read(address)
  if (entry === undefined || entry.answer.question !== question) return
  const { verdict, weight } = compareAnswers(entry.answer.answer, answer)
  lanes.learnPair(caller.tenant, { key: pairKey(query, question, images.length), verdict, weight })
  if (verdict === "unclear") return
  lanes.learn(caller.tenant, { queryType: queryType.name, bin, right: verdict === "same", weight, wouldServe })
  if (wouldServe && verdict === "different") await cache.quarantine(address)
  // Without a hit the question has just got an answer of its own, which is the better one.
  else if (served && weight >= telling) await cache.alias(askedAt, address.entry)
}

/** Background work: what a neighbor that was refused would have been worth, now that a provider has answered. */
export const checkRefusedNeighbor = (
  { question, neighbor, consensus }: Pick<Chosen, "question" | "neighbor" | "consensus">,
  { answer, finishReason }: { readonly answer: string; readonly finishReason: FinishReason },
  { ports }: Pick<Gateway, "ports">,
): void => {
  if (neighbor === undefined || !mayBeCached({ answer, finishReason, agreed: consensus?.agreed })) return
  ports.background(
    checkNeighbor(question, neighbor, answer, { ports, served: false }).catch((error: unknown) => {
      ports.log({ message: "neighbor not checked", requestId: question.id, error: String(error) })
    }),
  )
}
