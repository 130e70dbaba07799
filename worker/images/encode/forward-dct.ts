// cos(3π/8), √2 · cos(3π/8), √2 · cos(π/8)
const c6 = 0.3826834323650898
const c2MinusC6 = 0.541196100146197
const c2PlusC6 = 1.3065629648763766

/**
 * The discrete cosine transform of 8 × 8 samples, in place, after Arai, Agui and Nakajima (1988). What it leaves out of the
 * scale is for the quantizer to make good: 8 times the factors of row and column in `aanFactors`.
 */
export const forwardDct = (block: Float32Array): void => {
  for (let at = 0; at < 64; at += 8) transform(block, at, 1)
  for (let at = 0; at < 8; at++) transform(block, at, 8)
}

export const aanFactors: readonly number[] = [
  1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.5411961, 0.275899379,
]

const transform = (block: Float32Array, at: number, step: number): void => {
  const in0 = block[at]!
  const in1 = block[at + step]!
  const in2 = block[at + 2 * step]!
  const in3 = block[at + 3 * step]!
  const in4 = block[at + 4 * step]!
  const in5 = block[at + 5 * step]!
  const in6 = block[at + 6 * step]!
  const in7 = block[at + 7 * step]!
  const s07 = in0 + in7
  const d07 = in0 - in7
  const s16 = in1 + in6
  const d16 = in1 - in6
  const s25 = in2 + in5
  const d25 = in2 - in5
  const s34 = in3 + in4
  const d34 = in3 - in4

  const outer = s07 + s34
  const outerDifference = s07 - s34
  const inner = s16 + s25
  const even = (s16 - s25 + outerDifference) * Math.SQRT1_2
  block[at] = outer + inner
  block[at + 4 * step] = outer - inner
  block[at + 2 * step] = outerDifference + even
  block[at + 6 * step] = outerDifference - even

  const low = d34 + d25
  const middle = (d25 + d16) * Math.SQRT1_2
  const high = d16 + d07
  const turn = (low - high) * c6
  const lowTurned = c2MinusC6 * low + turn
  const highTurned = c2PlusC6 * high + turn
  const sum = d07 + middle
  const difference = d07 - middle
  block[at + 5 * step] = difference + lowTurned
  block[at + 3 * step] = difference - lowTurned
  block[at + step] = sum + highTurned
  block[at + 7 * step] = sum - highTurned
}
