import type { PictureTier } from "../../../contract/record.ts"
import type { Size } from "../image.ts"
import type { Fingerprint } from "./fingerprint.ts"
import type { KnownPicture } from "./known-picture.ts"
import { mayLookSame, sameShape } from "./look.ts"
import { hashDistance } from "./pdq.ts"

/** Which of the known pictures a new one is. */
export interface PictureMatch {
  /** SHA-256 of the bytes of that picture. */
  readonly id: string
  readonly tier: PictureTier
}

/** What is said of a picture sent before, byte by byte, without looking at it again. */
export const matchBytes = (
  known: readonly KnownPicture[],
  byteHash: string,
  upTo: PictureTier,
): PictureMatch | undefined => {
  const picture = known.find((candidate) => candidate.byteHash === byteHash)
  if (picture === undefined) return undefined
  const { pixels, look } = picture.sameAs
  if (upTo === "look" && look !== pixels) return { id: look, tier: "look" }
  if (upTo !== "bytes" && pixels !== byteHash) return { id: pixels, tier: "pixels" }
  return { id: byteHash, tier: "bytes" }
}

/** Whether decoding a picture of this upright size could find it; its header alone says so. */
export const mayMatch = (known: readonly KnownPicture[], size: Size, upTo: PictureTier): boolean =>
  upTo !== "bytes" &&
  known.some((candidate) => (upTo === "look" ? sameShape(candidate.size, size) : isOfSize(candidate.size, size)))

const isOfSize = (one: Size, other: Size): boolean => one.widthPx === other.widthPx && one.heightPx === other.heightPx

/** The known picture with the very same pixels. */
export const matchPixels = (
  known: readonly KnownPicture[],
  { pixelHash }: Pick<Fingerprint, "pixelHash">,
): KnownPicture | undefined =>
  pixelHash === undefined ? undefined : known.find((candidate) => candidate.pixelHash === pixelHash)

/** More looks than this are not fetched for one picture. */
const mostLooks = 3

/** The known pictures whose looks are worth comparing, the nearest first. Only first ones: copies are never compared with. */
export const looksToCompare = (known: readonly KnownPicture[], asked: Fingerprint): readonly KnownPicture[] =>
  known
    .filter((candidate) => candidate.sameAs.look === candidate.byteHash && mayLookSame(candidate, asked))
    .toSorted((a, b) => hashDistance(a.hash, asked.hash) - hashDistance(b.hash, asked.hash))
    .slice(0, mostLooks)
