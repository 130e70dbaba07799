import { createHash } from "node:crypto"

/** 24 hexadecimal digits that depend on every part and on their order. */
export const hashOf = (...parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 24)

/** A generator of numbers in 0..1 that repeats itself for the same seed (splitmix32 over the seed's hash). */
export const seededRandom = (seed: string): (() => number) => {
  let state = Number.parseInt(hashOf(seed).slice(0, 8), 16)
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
}
