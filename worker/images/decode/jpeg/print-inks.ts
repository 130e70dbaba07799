/** Red, green and blue of paper under each mix of full cyan (1), magenta (2) and yellow (4), as offset print shows it. */
const mixes = [
  [255, 255, 255],
  [0, 174, 239],
  [236, 0, 140],
  [46, 49, 146],
  [255, 242, 0],
  [0, 166, 81],
  [237, 28, 36],
  [54, 54, 57],
] as const
const black = [35, 31, 32] as const

/**
 * The color of four inks, each from 0 to 1: a mean of the full mixes, each counted by the part of the paper that its dots
 * cover (Neugebauer's equations). Plain subtraction would make every print glow.
 */
export const print = (
  row: Uint8ClampedArray,
  at: number,
  cyan: number,
  magenta: number,
  yellow: number,
  key: number,
): void => {
  for (let channel = 0; channel < 3; channel++) {
    const none = blend(0, channel, cyan)
    const red = blend(2, channel, cyan)
    const green = blend(4, channel, cyan)
    const both = blend(6, channel, cyan)
    const light = (none + (red - none) * magenta) * (1 - yellow) + (green + (both - green) * magenta) * yellow
    row[at + channel] = light * (1 - key + (key * black[channel]!) / 255)
  }
}

const blend = (mix: number, channel: number, cyan: number): number =>
  mixes[mix]![channel]! + (mixes[mix + 1]![channel]! - mixes[mix]![channel]!) * cyan
