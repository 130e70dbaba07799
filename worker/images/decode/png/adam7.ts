/** The seven passes of an interlaced picture: where each begins and how far apart its pixels lie (PNG specification, 8.2). */
export interface Pass {
  readonly left: number
  readonly top: number
  readonly across: number
  readonly down: number
  readonly widthPx: number
  readonly heightPx: number
}

const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/** The passes that have pixels in a picture of this size. */
export const adam7Passes = (widthPx: number, heightPx: number): readonly Pass[] =>
  passes
    .map(([left, top, across, down]) => ({
      left,
      top,
      across,
      down,
      widthPx: Math.max(0, Math.ceil((widthPx - left) / across)),
      heightPx: Math.max(0, Math.ceil((heightPx - top) / down)),
    }))
    .filter((pass) => pass.widthPx > 0 && pass.heightPx > 0)
