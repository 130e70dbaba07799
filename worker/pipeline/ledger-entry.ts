import type { LedgerEntry } from "../../contract/ledger.ts"
import type { CacheAddress } from "../ports/answer-cache.ts"
import { modelId } from "../routing/model-ref.ts"
import type { AnswerHead, Question } from "./stages.ts"

/** What has to be known of an answered request, should somebody say whether the answer was right. */
export const ledgerEntry = (
  { id, caller, queryType }: Question,
  head: AnswerHead,
  address: CacheAddress | undefined,
  answeredAt: number,
): LedgerEntry => ({
  requestId: id,
  tenant: caller.tenant,
  queryType: queryType.name,
  candidates: authorsOf(head),
  ...(address === undefined ? {} : { cached: address }),
  answeredAt,
})

/** A near question's answer was given to another question: whether it fits this one says nothing about its author. */
const authorsOf = ({ cache, routing, provider, model }: AnswerHead): readonly string[] => {
  if (cache.state === "near") return []
  const votes = routing.consensus?.votes.filter(({ agrees }) => agrees)
  return (votes ?? [{ provider, model }]).map(modelId)
}
