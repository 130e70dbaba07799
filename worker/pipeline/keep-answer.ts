import type { Label } from "../cache/cache-key.ts"
import { mayBeCached } from "../cache/may-be-cached.ts"
import type { Gateway } from "../gateway.ts"
import type { CachedAnswer } from "../ports/answer-cache.ts"
import { modelId } from "../routing/model-ref.ts"
import { promptName } from "./look-up-cache.ts"
import type { CachePlace, Chosen } from "./stages.ts"

type GivenAnswer = Pick<CachedAnswer, "answer" | "finishReason" | "usage" | "costUsd" | "imageTokens">

/** Puts a whole answer where the lookup would have found it. Background work: one that could not be kept is only logged. */
export const keepAnswer = (
  { question, candidate, place, consensus }: Pick<Chosen, "question" | "candidate" | "place" | "consensus">,
  given: GivenAnswer,
  { ports, settings, cacheKeys }: Pick<Gateway, "ports" | "settings" | "cacheKeys">,
): void => {
  const { cache } = ports
  // Where the candidates disagree, asking again may well say something else.
  if (consensus?.agreed === false) return
  if (cache === undefined || place === undefined || !mayBeCached(given)) return
  const writtenAt = ports.now()
  const answer: CachedAnswer = {
    ...given,
    question: question.query,
    provider: candidate.provider,
    model: candidate.model,
    writtenAt,
    expiresAt: writtenAt + settings.cacheTtlS * 1000,
  }
  const write = async (): Promise<void> => {
    const labels = await cacheKeys.hideLabels(question.caller.tenant, labelsOf({ question, candidate }, place))
    await cache.write(place.address, { answer, epoch: place.epoch, labels })
  }
  ports.background(
    write().catch((error: unknown) => {
      ports.log({ message: "answer not cached", requestId: question.id, error: String(error) })
    }),
  )
}

/** All that this answer depends on, so that an invalidation can name it. */
const labelsOf = (
  { question, candidate }: Pick<Chosen, "question" | "candidate">,
  { pictures }: CachePlace,
): readonly Label[] => [
  { kind: "queryType", value: question.queryType.name },
  { kind: "model", value: modelId(candidate) },
  { kind: "prompt", value: promptName(question) },
  ...[...new Set(pictures)].map((value): Label => ({ kind: "picture", value })),
]
