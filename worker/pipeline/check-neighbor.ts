import type { FinishReason } from "../../contract/analyze.ts"
import { compareAnswers } from "../cache/audit/compare-answers.ts"
import { pairKey } from "../cache/audit/wording-pairs.ts"
import { mayBeCached } from "../cache/may-be-cached.ts"
import type { Gateway } from "../gateway.ts"
import { judgeWordings } from "./judge-wordings.ts"
import type { Chosen, Neighbor, Question } from "./stages.ts"

/** Equal answers that prove less than this may be equal by chance, as "yes" and "yes" are. */
const telling = 0.8

/**
 * Compares an answer of the question's own with the neighbor's, and lets the lane learn from it. A neighbor that was
 * served and was wrong is quarantined with its aliases; one that was right gets this wording as an alias.
 */
export const checkNeighbor = async (
  asked: Pick<Question, "id" | "caller" | "query" | "queryType" | "images">,
  { address, askedAt, question, bin, wouldServe }: Neighbor,
  answer: string,
  { served, ...gateway }: Pick<Gateway, "ports" | "settings" | "providers"> & { readonly served: boolean },
): Promise<void> => {
  const { cache, lanes } = gateway.ports
  if (cache === undefined || lanes === undefined) return
  const entry = await cache.read(address)
  if (entry === undefined || entry.answer.question !== question) return
  const { verdict, weight } = compareAnswers(entry.answer.answer, answer)
  const { caller, query, queryType, images } = asked
  // Answers that differ have said it already; a neighbor that was served is trusted, and only its answer is in doubt.
  const judgement = served || verdict === "different" ? undefined : await judgeWordings(asked, question, gateway)
  lanes.learnPair(caller.tenant, {
    key: pairKey(query, question, images.length),
    verdict,
    weight,
    ...(judgement === undefined ? {} : { judgement }),
  })
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
  { ports, settings, providers }: Pick<Gateway, "ports" | "settings" | "providers">,
): void => {
  if (neighbor === undefined || !mayBeCached({ answer, finishReason, agreed: consensus?.agreed })) return
  ports.background(
    checkNeighbor(question, neighbor, answer, { ports, settings, providers, served: false }).catch((error: unknown) => {
      ports.log({ message: "neighbor not checked", requestId: question.id, error: String(error) })
    }),
  )
}
