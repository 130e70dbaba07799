import type { PictureTier } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import { byteHashOf } from "../images/byte-hash.ts"
import type { CacheAddress, Lookup } from "../ports/answer-cache.ts"
import { cacheScope } from "./cache-scope.ts"
import { pictureTierOf, recognizePictures } from "./recognize-pictures.ts"
import type { CachePlace, Question } from "./stages.ts"

type Finding = Pick<Gateway, "ports" | "settings" | "cacheKeys" | "embedder" | "pictureMemory">

interface Asked {
  readonly address: CacheAddress
  readonly isAway: false
  readonly looked: Lookup
  readonly place: CachePlace
}

/** What the store knows about a question's pictures. */
export type FoundGroup =
  | (Asked & {
      /** By what each picture is known; absent where nothing is known of them. */
      readonly pictures?: readonly PictureTier[]
    })
  /** The store did not answer, which is logged. */
  | { readonly address: CacheAddress; readonly isAway: true }

/**
 * Asks the store for the question, under its pictures as they were sent: one round trip. Only where it knows nothing at all
 * about them may they be copies of pictures that it does know, under other bytes; then it is asked once more, about those.
 */
export const findGroup = async (question: Question, gateway: Finding): Promise<FoundGroup> => {
  const byteHashes = await Promise.all(question.images.map(byteHashOf))
  const asSent = await askStore(question, { byteHashes }, gateway)
  if (asSent.isAway) return asSent
  if (asSent.looked.found || asSent.looked.neighbors.length > 0) {
    return { ...asSent, pictures: byteHashes.map((): PictureTier => "bytes") }
  }
  const { read, key } = question.cacheWishes
  const matches = read && key === undefined ? await recognizePictures(question, byteHashes, gateway) : undefined
  if (matches === undefined) return asSent
  const recognized = await askStore(question, { byteHashes, sameAs: matches.map(({ id }) => id) }, gateway)
  return recognized.isAway ? asSent : { ...recognized, pictures: matches.map(({ tier }) => tier) }
}

const askStore = async (
  question: Question,
  pictures: Pick<CachePlace, "byteHashes" | "sameAs">,
  { ports, settings, cacheKeys, embedder }: Finding,
): Promise<Asked | Extract<FoundGroup, { isAway: true }>> => {
  const tier = pictureTierOf(question, settings)
  const scope = cacheScope(question, pictures.sameAs ?? pictures.byteHashes, tier, embedder.id)
  const address = await cacheKeys.addressOf(scope, question.cacheWishes.key === undefined ? question.query : "")
  try {
    // Also where nothing may be read: a write needs to know the epoch at which its answer was asked for.
    const looked = await ports.cache?.lookUp(address)
    if (looked === undefined) return { address, isAway: true }
    return { address, isAway: false, looked, place: { address, epoch: looked.epoch, ...pictures } }
  } catch (error) {
    ports.log({ message: "cache unavailable", requestId: question.id, error: String(error) })
    return { address, isAway: true }
  }
}
