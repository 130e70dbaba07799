/** Chance in the shapes that selection needs, from numbers that are uniform in [0, 1). */

const inside = (uniform: number): number => Math.min(1 - 1e-12, Math.max(1e-12, uniform))

/** Standard Gumbel noise: the best of jittered scores is a soft maximum of the true ones. */
export const gumbel = (random: () => number): number => -Math.log(-Math.log(inside(random())))

/** Standard normal, closely enough for noise: a triangle of the same spread, because logarithms would take longer. */
export const normal = (random: () => number): number => (random() + random() - 1) * Math.sqrt(6)
