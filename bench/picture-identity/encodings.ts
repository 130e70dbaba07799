import type { Sharp } from "sharp"

export interface Encoding {
  readonly name: string
  readonly encode: (picture: Sharp) => Sharp
}

const qualities = [50, 55, 60, 65, 70, 75, 80, 85, 90, 95]

/** Ways to write a picture down again at its own size, at quality 50 and above. */
export const encodings: readonly Encoding[] = [
  ...qualities.map((quality) => ({ name: `JPEG ${quality}`, encode: (picture: Sharp) => picture.jpeg({ quality }) })),
  ...[50, 70, 90].map((quality) => ({
    name: `JPEG ${quality} 4:4:4`,
    encode: (picture: Sharp) => picture.jpeg({ quality, chromaSubsampling: "4:4:4" }),
  })),
  ...[50, 80].map((quality) => ({
    name: `JPEG ${quality} progressive, mozjpeg`,
    encode: (picture: Sharp) => picture.jpeg({ quality, mozjpeg: true }),
  })),
  ...[50, 60, 75, 90].map((quality) => ({
    name: `WebP ${quality}`,
    encode: (picture: Sharp) => picture.webp({ quality }),
  })),
  ...[50, 75].map((quality) => ({
    name: `AVIF ${quality}`,
    encode: (picture: Sharp) => picture.avif({ quality, effort: 2 }),
  })),
]
