import type { PurgeTarget } from "../../contract/purge.ts"
import { answerHash } from "../cache/answer-hash.ts"
import { mayBeCached } from "../cache/may-be-cached.ts"
import { refuseUnread } from "../cache/near/refuse-unread.ts"
import type { Gateway } from "../gateway.ts"
import type { AnswerToKeep, CachedAnswer } from "../ports/answer-cache.ts"
import { modelId } from "../routing/model-ref.ts"
import { mayBeNear } from "./look-up-cache.ts"
import { rememberPictures } from "./recognize-pictures.ts"
import { promptName } from "./prompt-name.ts"
import type { CachePlace, Chosen, Question } from "./stages.ts"

type GivenAnswer = Pick<CachedAnswer, "answer" | "finishReason" | "usage" | "costUsd" | "imageTokens">

/** Puts a whole answer where the lookup would have found it. Background work: one that could not be kept is only logged. */
export const keepAnswer = (
  { question, candidate, place, consensus }: Pick<Chosen, "question" | "candidate" | "place" | "consensus">,
  given: GivenAnswer,
  gateway: Pick<Gateway, "ports" | "settings" | "cacheKeys" | "embedder" | "pictureMemory">,
): void => {
  const { ports, settings, cacheKeys } = gateway
  const { cache } = ports
  if (cache === undefined || place === undefined || !mayBeCached({ ...given, agreed: consensus?.agreed })) return
  const writtenAt = ports.now()
  const lifeS = Math.min(question.cacheWishes.ttlS ?? settings.cacheTtlS, settings.cacheTtlS)
  const answer: CachedAnswer = {
    ...given,
    question: question.query,
    provider: candidate.provider,
    model: candidate.model,
    writtenAt,
    expiresAt: writtenAt + lifeS * 1000,
  }
  const write = async (): Promise<void> => {
    const labels = await cacheKeys.hideLabels(question.caller.tenant, labelsOf({ question, candidate }, place))
    const near = await nearOf(question, answer, place, gateway)
    await cache.write(place.address, { answer, epoch: place.epoch, labels, ...(near === undefined ? {} : { near }) })
  }
  ports.background(
    write()
      .catch((error: unknown) => {
        ports.log({ message: "answer not cached", requestId: question.id, error: String(error) })
      })
      // Afterwards, because decoding would hold up the write, and with it whoever asks the same next.
      .then(() => rememberPictures(question, place, answer.expiresAt, gateway)),
  )
}

/** Longer than in a request's way: nobody waits here. */
const embedderDeadlineMs = 5_000

/** What makes the question a neighbor of those to come. An embedder that is away leaves it without any. */
const nearOf = async (
  question: Question,
  { answer }: Pick<CachedAnswer, "answer">,
  { vector: known }: CachePlace,
  { ports, settings, embedder }: Pick<Gateway, "ports" | "settings" | "embedder">,
): Promise<AnswerToKeep["near"]> => {
  if (!mayBeNear(question, { settings }) || refuseUnread(question.query) !== undefined) return undefined
  try {
    const [vector] =
      known === undefined ? await embedder.embed([question.query], AbortSignal.timeout(embedderDeadlineMs)) : [known]
    return vector === undefined ? undefined : { embedder: embedder.id, vector, answerHash: await answerHash(answer) }
  } catch (error) {
    ports.log({ message: "embedder unavailable", requestId: question.id, error: String(error) })
    return undefined
  }
}

/** All that this answer depends on, so that an invalidation can name it. */
const labelsOf = (
  { question, candidate }: Pick<Chosen, "question" | "candidate">,
  { byteHashes, sameAs = [] }: CachePlace,
): readonly PurgeTarget[] => [
  { kind: "queryType", value: question.queryType.name },
  { kind: "model", value: modelId(candidate) },
  { kind: "prompt", value: promptName(question) },
  ...question.cacheWishes.tags.map((value): PurgeTarget => ({ kind: "tag", value })),
  ...[...new Set([...byteHashes, ...sameAs])].map((value): PurgeTarget => ({ kind: "picture", value })),
]
