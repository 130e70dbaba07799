import type { PictureTier } from "../../../contract/record.ts"
import { fromBase64, toBase64 } from "../base64.ts"
import type { PictureIndex, StoredPicture } from "../../ports/picture-index.ts"
import { largestLookBytes } from "../../ports/picture-index.ts"
import type { PictureReader } from "../../ports/picture-reader.ts"
import type { ReceivedImage } from "../image.ts"
import { uprightSize } from "../image.ts"
import type { Fingerprint } from "./fingerprint.ts"
import { readFingerprint } from "./fingerprint.ts"
import { readKnown, writeKnown } from "./known-picture.ts"
import type { KnownPicture } from "./known-picture.ts"
import { looksSame } from "./look.ts"
import { looksToCompare, matchBytes, matchPixels, mayMatch } from "./match-picture.ts"
import type { PictureMatch } from "./match-picture.ts"
import { packGrey, unpackGrey } from "./packed-grey.ts"
import type { PictureVault } from "./picture-vault.ts"

/** A received picture with the SHA-256 of its bytes, in hex. */
export interface NamedPicture {
  readonly image: Pick<ReceivedImage, "bytes" | "header">
  readonly byteHash: string
}

/** What a tenant's pictures are known by, and how to tell a copy of one. */
export interface PictureMemory {
  /**
   * Which known picture each of these is; itself, where it is none. Decodes only where the headers of all of them say that
   * it could help. Rejects when the index is away or a picture is corrupt.
   */
  readonly recognize: (
    tenant: string,
    pictures: readonly NamedPicture[],
    upTo: PictureTier,
  ) => Promise<readonly PictureMatch[]>
  /** Keeps what the pictures are known by, each until then (ms since the epoch). Background work. */
  readonly remember: (tenant: string, pictures: readonly NamedPicture[], expiresAt: number) => Promise<void>
}

export interface PictureMemoryOptions {
  readonly index: PictureIndex
  readonly reader: PictureReader
  readonly vault: PictureVault
}

/** Of the pictures just decoded, so many are not decoded again when they are remembered: under 1 MB each. */
const mostRecent = 4

export const createPictureMemory = ({ index, reader, vault }: PictureMemoryOptions): PictureMemory => {
  /** By the hash of the bytes, so a tenant learns nothing from it that it did not bring. */
  const recent = new Map<string, Fingerprint>()
  const read = async ({ image, byteHash }: NamedPicture): Promise<Fingerprint | undefined> => {
    const fingerprint = recent.get(byteHash) ?? (await readFingerprint(image, reader))
    if (fingerprint === undefined) return undefined
    recent.delete(byteHash)
    recent.set(byteHash, fingerprint)
    for (const oldest of recent.keys()) if (recent.size > mostRecent) recent.delete(oldest)
    return fingerprint
  }

  const listKnown = async (tenant: string): Promise<readonly KnownPicture[]> => {
    const stored = await index.list(await vault.hideTenant(tenant))
    const known = await Promise.all(stored.map((picture) => openKnown(vault, tenant, picture)))
    return known.filter((picture) => picture !== undefined)
  }

  /** Whether the known picture, by the look that was kept of it, is this one. */
  const hasSameLook = async (tenant: string, { byteHash }: KnownPicture, asked: Fingerprint): Promise<boolean> => {
    const name = await vault.hideName(tenant, byteHash)
    const sealed = await index.look(await vault.hideTenant(tenant), name)
    const packed = sealed === undefined ? undefined : await vault.open(tenant, `look:${name}`, sealed)
    const grey = packed === undefined ? undefined : await unpackGrey(packed)
    return grey !== undefined && looksSame(grey, asked.grey)
  }

  /** The first one of those that look so. */
  const findLook = async (
    tenant: string,
    known: readonly KnownPicture[],
    asked: Fingerprint,
  ): Promise<string | undefined> => {
    for (const candidate of looksToCompare(known, asked)) {
      if (await hasSameLook(tenant, candidate, asked)) return candidate.byteHash
    }
    return undefined
  }

  const recognizeOne = async (
    tenant: string,
    known: readonly KnownPicture[],
    picture: NamedPicture,
    upTo: PictureTier,
  ): Promise<PictureMatch> => {
    const { byteHash } = picture
    const asSent = { id: byteHash, tier: "bytes" } as const
    const before = matchBytes(known, byteHash, upTo)
    if (before !== undefined) return before
    const fingerprint = await read(picture)
    if (fingerprint === undefined) return asSent
    const twin = matchPixels(known, fingerprint)
    if (twin !== undefined) {
      const { pixels, look } = twin.sameAs
      return upTo === "look" && look !== pixels ? { id: look, tier: "look" } : { id: pixels, tier: "pixels" }
    }
    const look = upTo === "look" ? await findLook(tenant, known, fingerprint) : undefined
    return look === undefined ? asSent : { id: look, tier: "look" }
  }

  const rememberOne = async (
    tenant: string,
    known: readonly KnownPicture[],
    sent: NamedPicture,
    expiresAt: number,
  ): Promise<void> => {
    const { byteHash } = sent
    const fingerprint = await read(sent)
    if (fingerprint === undefined) return
    const twin = matchPixels(known, fingerprint)
    const look = twin?.sameAs.look ?? (await findLook(tenant, known, fingerprint)) ?? byteHash
    const { grey, ...key } = fingerprint
    const picture: KnownPicture = { ...key, byteHash, sameAs: { pixels: twin?.sameAs.pixels ?? byteHash, look } }
    const name = await vault.hideName(tenant, byteHash)
    const facts = toBase64(await vault.seal(tenant, `picture:${name}`, writeKnown(picture)))
    const sealedLook = look === byteHash ? await vault.seal(tenant, `look:${name}`, await packGrey(grey)) : undefined
    await index.remember(
      await vault.hideTenant(tenant),
      { name, facts, expiresAt },
      sealedLook === undefined || sealedLook.length > largestLookBytes ? undefined : sealedLook,
    )
  }

  return {
    recognize: async (tenant, pictures, upTo) => {
      const asSent = pictures.map(({ byteHash }): PictureMatch => ({ id: byteHash, tier: "bytes" }))
      if (upTo === "bytes") return asSent
      const known = await listKnown(tenant)
      // One picture that cannot be a known one makes the whole group new, so that decoding the others would be for nothing.
      const isWorthwhile = pictures.every(
        ({ image, byteHash }) =>
          matchBytes(known, byteHash, upTo) !== undefined || mayMatch(known, uprightSize(image.header), upTo),
      )
      if (!isWorthwhile) return asSent
      const matches: PictureMatch[] = []
      // One at a time, because memory is what runs out.
      for (const picture of pictures) matches.push(await recognizeOne(tenant, known, picture, upTo))
      return matches
    },
    remember: async (tenant, pictures, expiresAt) => {
      for (const picture of pictures) {
        const known = await listKnown(tenant)
        if (known.some(({ byteHash }) => byteHash === picture.byteHash)) continue
        await rememberOne(tenant, known, picture, expiresAt)
      }
    },
  }
}

const openKnown = async (
  vault: PictureVault,
  tenant: string,
  { name, facts }: StoredPicture,
): Promise<KnownPicture | undefined> => {
  const sealed = fromBase64(facts)
  const bytes = sealed === undefined ? undefined : await vault.open(tenant, `picture:${name}`, sealed)
  return bytes === undefined ? undefined : readKnown(bytes)
}
