import { judgeQuestion, questionJudge, readJudgement } from "../cache/audit/judge-questions.ts"
import type { Judgement } from "../cache/audit/judge-questions.ts"
import { lookupsOf } from "../cache/audit/lane-book.ts"
import { mayJudge } from "../cache/audit/spending.ts"
import { isSettled, pairKey } from "../cache/audit/wording-pairs.ts"
import type { Gateway } from "../gateway.ts"
import { modelId } from "../routing/model-ref.ts"
import type { Question } from "./stages.ts"

/** A small model says one word; one that takes longer is not waited for. */
const deadlineMs = 15_000

/**
 * Asks a small model whether two wordings are one question, where a deployment has named one, the tenant's key lets its
 * provider see the tenant's questions, nothing has settled it yet, and the budget allows. Undefined where nobody was asked
 * or no clear word came back.
 */
export const judgeWordings = async (
  { id, caller, query, images }: Pick<Question, "id" | "caller" | "query" | "images">,
  other: string,
  { ports, settings, providers }: Pick<Gateway, "ports" | "settings" | "providers">,
): Promise<Judgement | undefined> => {
  const { judge } = settings.nearLane
  const { lanes } = ports
  if (judge === undefined || lanes === undefined) return undefined
  if (caller.providers !== undefined && !caller.providers.includes(judge.provider)) return undefined
  const { pairs, judged, lanes: known } = lanes.book(caller.tenant)
  const lookups = Object.values(known).reduce((sum, lane) => sum + lookupsOf(lane), 0)
  if (isSettled(pairs, pairKey(query, other, images.length)) || !mayJudge({ lookups, judged })) return undefined
  const provider = providers.get(judge.provider)
  if (provider === undefined) return undefined
  // Counted before it is asked: several at once must not spend the same budget.
  lanes.judged(caller.tenant)
  const prompt = {
    system: questionJudge.instructions,
    turns: [{ role: "user", parts: [{ type: "text", text: judgeQuestion(query, other) }] }],
    images: [],
    detail: "auto",
    maxOutputTokens: questionJudge.maxOutputTokens,
  } as const
  try {
    let word = ""
    for await (const event of provider.ask(judge.model, prompt, AbortSignal.timeout(deadlineMs))) {
      if (event.type === "text") word += event.text
    }
    return readJudgement(word)
  } catch (error) {
    ports.log({ message: "judge unavailable", requestId: id, model: modelId(judge), error: String(error) })
    return undefined
  }
}
