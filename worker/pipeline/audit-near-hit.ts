import { isAudited } from "../cache/audit/spending.ts"
import { areOne, pairKey } from "../cache/audit/wording-pairs.ts"
import { mayBeCached } from "../cache/may-be-cached.ts"
import type { Gateway } from "../gateway.ts"
import { checkNeighbor } from "./check-neighbor.ts"
import type { Analysis, CacheHit, Miss, Neighbor, Question } from "./stages.ts"
import { startStopwatch } from "./stopwatch.ts"

/**
 * Of some near hits, asks a provider as well, unseen and afterwards, and lets the lane learn whether the cached answer was
 * right. The caller has the cached answer already. An audit is a request of its own in the log and the history, so that
 * its cost shows.
 */
export const auditNearHit = (
  { question, neighbor }: CacheHit,
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
    const asked = auditOf(question, settings.timeouts.totalMs, ports)
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

/** The same question on its own account: whoever asked it may have left. */
const auditOf = (question: Question, totalMs: number, { now }: Pick<Gateway["ports"], "now">): Question => ({
  ...question,
  id: crypto.randomUUID(),
  endpoint: "audit",
  mode: "single",
  votes: 1,
  stream: false,
  signal: AbortSignal.timeout(totalMs),
  watch: startStopwatch(now),
})

const wholeAnswer = async ({ events }: Analysis): Promise<string | undefined> => {
  for await (const event of events) {
    if (event.type === "done") return mayBeCached(event.response) ? event.response.answer : undefined
  }
  return undefined
}
