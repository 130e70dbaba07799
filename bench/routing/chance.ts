/**
 * Chance that is the same for every policy: each number belongs to what it decides, not to the order of questions, so two
 * policies that do the same see the same.
 */

/** A number in [0, 1) for a seed and up to three places. */
export const uniform = (seed: number, a: number, b = 0, c = 0): number => {
  let hash = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b)
  for (const part of [a, b, c]) {
    hash = Math.imul(hash ^ (part + 0x7f4a_7c15), 0xc2b2_ae35)
    hash ^= hash >>> 15
    hash = Math.imul(hash, 0x27d4_eb2f)
    hash ^= hash >>> 13
  }
  return (hash >>> 0) / 2 ** 32
}

/** Standard normal, from two uniform numbers. */
export const normalFrom = (one: number, other: number): number =>
  Math.sqrt(-2 * Math.log(Math.max(one, 1e-12))) * Math.cos(2 * Math.PI * other)

/** A stream of numbers in [0, 1) of its own. */
export const stream = (seed: number): (() => number) => {
  let count = 0
  return () => uniform(seed, count++, 77)
}
