/** Side of the square that a block of 8 × 8 coefficients becomes: scaling by 1/8 to 1 while decoding. */
export type BlockSide = 1 | 2 | 3 | 4 | 8

/**
 * Turns the lowest `side` × `side` coefficients (row by row, dequantized, times `scaleFactor` of their place) into as many
 * samples at `offset` of `samples`, and leaves the coefficients zero for the next block.
 */
export type InverseDct = (
  coefficients: Float32Array,
  samples: Uint8ClampedArray,
  offset: number,
  stride: number,
) => void

export const inverseDctOf = (side: BlockSide): InverseDct => {
  switch (side) {
    case 1:
      return inverse1
    case 2:
      return inverse2
    case 3:
      return inverse3
    case 4:
      return inverse4
    case 8:
      return inverse8
  }
}

/** cos(kπ/16) · √2, and 1 for k = 0: what the fast transform of Arai, Agui and Nakajima (1988) leaves to the quantizer. */
const aan = [1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.5411961, 0.275899379] as const

/** What a coefficient is multiplied with before the transform. Row and column count from 0. */
export const scaleFactor = (side: BlockSide, row: number, column: number): number =>
  side === 8 ? ((aan[row] ?? 1) * (aan[column] ?? 1)) / 8 : 1 / 8

/** Samples are stored as 0 to 255 and transformed as -128 to 127. */
export const levelShift = 128

/** All samples of a block whose only coefficient is the first. */
export const fillBlock = (
  value: number,
  side: BlockSide,
  samples: Uint8ClampedArray,
  offset: number,
  stride: number,
): void => {
  for (let y = 0, at = offset; y < side; y++, at += stride) {
    for (let x = 0; x < side; x++) samples[at + x] = value
  }
}

const inverse1: InverseDct = (block, samples, offset) => {
  samples[offset] = block[0]! + levelShift
  block[0] = 0
}

const inverse2: InverseDct = (block, samples, offset, stride) => {
  const left = block[0]! + levelShift
  const right = block[1]!
  const down = block[2]!
  const cross = block[3]!
  samples[offset] = left + right + down + cross
  samples[offset + 1] = left - right + down - cross
  samples[offset + stride] = left + right - down - cross
  samples[offset + stride + 1] = left - right - down + cross
  block.fill(0)
}

// √2 · cos(π/6)
const c2 = 1.224744871391589

const inverse3: InverseDct = (block, samples, offset, stride) => {
  block[0] = block[0]! + levelShift
  for (let x = 0; x < 3; x++) {
    const first = block[x]!
    const second = block[3 + x]! * c2
    const third = block[6 + x]! * Math.SQRT1_2
    block[x] = first + third + second
    block[3 + x] = first - third - third
    block[6 + x] = first + third - second
  }
  for (let y = 0, at = offset; y < 9; y += 3, at += stride) {
    const first = block[y]!
    const second = block[y + 1]! * c2
    const third = block[y + 2]! * Math.SQRT1_2
    samples[at] = first + third + second
    samples[at + 1] = first - third - third
    samples[at + 2] = first + third - second
  }
  block.fill(0)
}

// √2 · cos(π/8) and √2 · cos(3π/8)
const c1 = 1.3065629648763766
const c3 = 0.541196100146197

const inverse4: InverseDct = (block, samples, offset, stride) => {
  block[0] = block[0]! + levelShift
  for (let x = 0; x < 4; x++) {
    const first = block[x]!
    const second = block[4 + x]!
    const third = block[8 + x]!
    const fourth = block[12 + x]!
    const sum = first + third
    const difference = first - third
    const outer = c1 * second + c3 * fourth
    const inner = c3 * second - c1 * fourth
    block[x] = sum + outer
    block[4 + x] = difference + inner
    block[8 + x] = difference - inner
    block[12 + x] = sum - outer
  }
  for (let y = 0, at = offset; y < 16; y += 4, at += stride) {
    const first = block[y]!
    const second = block[y + 1]!
    const third = block[y + 2]!
    const fourth = block[y + 3]!
    const sum = first + third
    const difference = first - third
    const outer = c1 * second + c3 * fourth
    const inner = c3 * second - c1 * fourth
    samples[at] = sum + outer
    samples[at + 1] = difference + inner
    samples[at + 2] = difference - inner
    samples[at + 3] = sum - outer
  }
  block.fill(0)
}

// 2·cos(π/8); 2·(cos(π/8) - cos(3π/8)); 2·(cos(π/8) + cos(3π/8))
const k1 = 1.8477590650225735
const k2 = 1.082392200292394
const k3 = 2.613125929752753

const inverse8: InverseDct = (block, samples, offset, stride) => {
  block[0] = block[0]! + levelShift
  for (let x = 0; x < 8; x++) {
    const in0 = block[x]!
    const in1 = block[8 + x]!
    const in2 = block[16 + x]!
    const in3 = block[24 + x]!
    const in4 = block[32 + x]!
    const in5 = block[40 + x]!
    const in6 = block[48 + x]!
    const in7 = block[56 + x]!
    if (in1 === 0 && in2 === 0 && in3 === 0 && in4 === 0 && in5 === 0 && in6 === 0 && in7 === 0) {
      for (let at = x + 8; at < 64; at += 8) block[at] = in0
      continue
    }
    const e10 = in0 + in4
    const e11 = in0 - in4
    const e13 = in2 + in6
    const e12 = (in2 - in6) * Math.SQRT2 - e13
    const e0 = e10 + e13
    const e3 = e10 - e13
    const e1 = e11 + e12
    const e2 = e11 - e12
    const z13 = in5 + in3
    const z10 = in5 - in3
    const z11 = in1 + in7
    const z12 = in1 - in7
    const o7 = z11 + z13
    const z5 = (z10 + z12) * k1
    const o6 = z5 - z10 * k3 - o7
    const o5 = (z11 - z13) * Math.SQRT2 - o6
    const o4 = z5 - z12 * k2 - o5
    block[x] = e0 + o7
    block[8 + x] = e1 + o6
    block[16 + x] = e2 + o5
    block[24 + x] = e3 + o4
    block[32 + x] = e3 - o4
    block[40 + x] = e2 - o5
    block[48 + x] = e1 - o6
    block[56 + x] = e0 - o7
  }
  for (let y = 0, at = offset; y < 64; y += 8, at += stride) {
    const in0 = block[y]!
    const in1 = block[y + 1]!
    const in2 = block[y + 2]!
    const in3 = block[y + 3]!
    const in4 = block[y + 4]!
    const in5 = block[y + 5]!
    const in6 = block[y + 6]!
    const in7 = block[y + 7]!
    const e10 = in0 + in4
    const e11 = in0 - in4
    const e13 = in2 + in6
    const e12 = (in2 - in6) * Math.SQRT2 - e13
    const e0 = e10 + e13
    const e3 = e10 - e13
    const e1 = e11 + e12
    const e2 = e11 - e12
    const z13 = in5 + in3
    const z10 = in5 - in3
    const z11 = in1 + in7
    const z12 = in1 - in7
    const o7 = z11 + z13
    const z5 = (z10 + z12) * k1
    const o6 = z5 - z10 * k3 - o7
    const o5 = (z11 - z13) * Math.SQRT2 - o6
    const o4 = z5 - z12 * k2 - o5
    samples[at] = e0 + o7
    samples[at + 1] = e1 + o6
    samples[at + 2] = e2 + o5
    samples[at + 3] = e3 + o4
    samples[at + 4] = e3 - o4
    samples[at + 5] = e2 - o5
    samples[at + 6] = e1 - o6
    samples[at + 7] = e0 - o7
  }
  block.fill(0)
}
