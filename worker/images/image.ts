export const imageFormats = ["png", "jpeg", "webp", "gif", "avif", "heic"] as const
/** Formats that the header parser knows. Providers take some of them; the others are re-encoded or refused. */
export type ImageFormat = (typeof imageFormats)[number]

export interface Size {
  readonly widthPx: number
  readonly heightPx: number
}

/** What the first bytes of a picture say about it. */
export interface ImageHeader extends Size {
  readonly format: ImageFormat
  readonly bitDepth: number
  readonly hasAlpha: boolean
  /** 1 for a still picture; 2 stands for "more than one" where counting would need the whole file. */
  readonly frames: number
  readonly progressive: boolean
  /** EXIF orientation, 1 to 8; 1 is upright. `widthPx` and `heightPx` are as stored, before it is applied. */
  readonly orientation: number
  /** A JPEG in the four inks of printing, which not every decoder shows in its true colors. */
  readonly cmyk?: true
}

/** A picture as it was received: bytes that have a readable header within the limits. */
export interface ReceivedImage {
  readonly index: number
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly header: ImageHeader
}

/** A picture as it is sent to a provider. */
export interface SentImage {
  readonly index: number
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly format: ImageFormat
}

/** The size of a picture once its EXIF orientation is applied. */
export const uprightSize = ({ widthPx, heightPx, orientation }: ImageHeader): Size =>
  orientation >= 5 ? { widthPx: heightPx, heightPx: widthPx } : { widthPx, heightPx }
