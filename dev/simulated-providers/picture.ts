import { createHash } from "node:crypto"
import sharp from "sharp"
import type { PictureSize } from "./tokens.ts"

/** What a picture's own bytes say of it; the media type that was claimed plays no part. */
export interface PictureHeader extends PictureSize {
  /** `jpeg`, `png`, `webp`, `gif`, `avif`, `heic`, or another format's name. */
  readonly format: string
  readonly sizeBytes: number
  readonly sha256: string
}

/** The bytes of standard base64 with its padding; undefined for anything else. */
export const decodeBase64 = (text: string): Buffer | undefined =>
  text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
    ? Buffer.from(text, "base64")
    : undefined

/** Reads a picture's header with libvips, not with the gateway's own parser; undefined when it has none. */
export const readPicture = async (bytes: Buffer): Promise<PictureHeader | undefined> => {
  try {
    const { format, compression, width, height } = await sharp(bytes).metadata()
    return {
      format: format === "heif" ? (compression === "av1" ? "avif" : "heic") : format,
      widthPx: width,
      heightPx: height,
      sizeBytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    }
  } catch {
    return undefined
  }
}
