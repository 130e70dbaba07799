import type { PictureTier } from "../../contract/record.ts"
import { pictureTiers } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import type { NamedPicture } from "../images/identity/picture-memory.ts"
import type { PictureMatch } from "../images/identity/match-picture.ts"
import type { CachePlace, Question } from "./stages.ts"

/** By how much this question's pictures may differ from others and share answers: as asked for, within the settings. */
export const pictureTierOf = (
  { cacheWishes, queryType }: Pick<Question, "cacheWishes" | "queryType">,
  { pictureTier }: Pick<Gateway["settings"], "pictureTier">,
): PictureTier => {
  const wanted = cacheWishes.pictures ?? (queryType.perceptualCache ? "look" : "pixels")
  return pictureTiers.indexOf(wanted) <= pictureTiers.indexOf(pictureTier) ? wanted : pictureTier
}

/**
 * Which known pictures the question's are, where one of them is known under other bytes. `undefined` where nothing else is
 * known of them: also when the index is away or a picture does not decode, since that is no reason to fail here.
 */
export const recognizePictures = async (
  question: Question,
  byteHashes: readonly string[],
  { ports, settings, pictureMemory }: Pick<Gateway, "ports" | "settings" | "pictureMemory">,
): Promise<readonly PictureMatch[] | undefined> => {
  const tier = pictureTierOf(question, settings)
  if (pictureMemory === undefined || tier === "bytes" || byteHashes.length === 0) return undefined
  try {
    const matches = await pictureMemory.recognize(question.caller.tenant, named(question, byteHashes), tier)
    return matches.some((match) => match.tier !== "bytes") ? matches : undefined
  } catch (error) {
    ports.log({ message: "pictures not recognized", requestId: question.id, error: String(error) })
    return undefined
  }
}

/** Background work, once there is an answer that a copy of these pictures could share. Never rejects. */
export const rememberPictures = async (
  question: Question,
  { byteHashes }: CachePlace,
  expiresAt: number,
  { ports, settings, pictureMemory }: Pick<Gateway, "ports" | "settings" | "pictureMemory">,
): Promise<void> => {
  if (pictureMemory === undefined || pictureTierOf(question, settings) === "bytes") return
  try {
    await pictureMemory.remember(question.caller.tenant, named(question, byteHashes), expiresAt)
  } catch (error) {
    ports.log({ message: "pictures not remembered", requestId: question.id, error: String(error) })
  }
}

const named = ({ images }: Question, byteHashes: readonly string[]): readonly NamedPicture[] =>
  images.flatMap((image, i) => {
    const byteHash = byteHashes[i]
    return byteHash === undefined ? [] : [{ image, byteHash }]
  })
