import { isAudited } from "../cache/audit/spending.ts"
import { areOne, pairKey } from "../cache/audit/wording-pairs.ts"
import { mayBeCached } from "../cache/may-be-cached.ts"
import type { Gateway } from "../gateway.ts"
import type { ModelRef } from "../routing/model-ref.ts"
import { checkNeighbor } from "./check-neighbor.ts"
import type { Analysis, CacheHit, Miss, Neighbor, Question } from "./stages.ts"
import { startStopwatch } from "./stopwatch.ts"

/**
 * Of some near hits, asks a provider as well, unseen and afterwards, and lets the lane learn whether the cached answer was
 * right. The caller has the cached answer already. An audit is a request of its own in the log and the history, so that
 * its cost shows.
 */
export const auditNearHit = (
  { question, neighbor, entry }: CacheHit,
  ask: (miss: Miss) => Promise<Analysis>,
  { ports, settings, providers }: Pick<Gateway, "ports" | "settings" | "providers">,
): void => {
  if (neighbor === undefined || ports.lanes === undefined) return
  const inBackground = (message: string, work: Promise<unknown>): void =>
    ports.background(
      work.catch((error: unknown) => ports.log({ message, requestId: question.id, error: String(error) })),
    )
  if (isVerified(question, neighbor, ports.lanes.book(question.caller.tenant))) {
    const { askedAt, address } = neighbor
    inBackground("alias not written", ports.cache?.alias(askedAt, address.entry) ?? Promise.resolve())
  }
  if (!isAudited(ports.random())) return
  const audit = async (): Promise<void> => {
    const asked = auditOf(question, entry.answer, settings.timeouts.totalMs, ports)
    const answer = await wholeAnswer(
      await ask({ found: false, question: asked, cache: { state: "bypass", reason: "audit" } }),
    )
    if (answer !== undefined)
      await checkNeighbor(question, neighbor, answer, { ports, settings, providers, served: true })
  }
  inBackground("audit failed", audit())
}

/** Wordings that were found to be one on other pictures are an exact hit from now on. */
const isVerified = (
  { query, images }: Pick<Question, "query" | "images">,
  { question }: Pick<Neighbor, "question">,
  { pairs }: { readonly pairs: Parameters<typeof areOne>[0] },
): boolean => areOne(pairs, pairKey(query, question, images.length))

/**
 * The same question on its own account, because whoever asked it may have left; to the model that gave the cached answer,
 * if it may still be asked, so that what differs is the question and not the model.
 */
const auditOf = (
  question: Question,
  { provider, model }: CacheHit["entry"]["answer"],
  totalMs: number,
  { now }: Pick<Gateway["ports"], "now">,
): Question => ({
  ...question,
  allowed: sameModel(question.allowed, { provider, model }),
  id: crypto.randomUUID(),
  endpoint: "audit",
  mode: "single",
  votes: 1,
  stream: false,
  signal: AbortSignal.timeout(totalMs),
  watch: startStopwatch(now),
})

const sameModel = (allowed: readonly ModelRef[], { provider, model }: ModelRef): readonly ModelRef[] => {
  const same = allowed.filter((ref) => ref.provider === provider && ref.model === model)
  return same.length > 0 ? same : allowed
}

const wholeAnswer = async ({ events }: Analysis): Promise<string | undefined> => {
  for await (const event of events) {
    if (event.type === "done") return mayBeCached(event.response) ? event.response.answer : undefined
  }
  return undefined
}
