import type { Wire } from "./wire.ts"

/** How long a model thinks before its first token, and how long each token then takes. */
export interface Pace {
  readonly firstTokenMs: number
  readonly perTokenMs: number
}

const typical: Record<Wire, Pace> = {
  openai: { firstTokenMs: 320, perTokenMs: 3 },
  anthropic: { firstTokenMs: 280, perTokenMs: 2.6 },
  google: { firstTokenMs: 240, perTokenMs: 2.2 },
}

/** Reading the prompt takes time too, so a smaller picture is visibly answered sooner. */
const readingMsPerToken = 0.02

/** A log-normal draw: half of all draws lie below `median`, two thirds within a factor of exp(sigma). */
const logNormal = (median: number, sigma: number, random: () => number): number => {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return median * Math.exp(sigma * normal)
}

export const drawPace = (wire: Wire, inputTokens: number, random: () => number): Pace => ({
  firstTokenMs: logNormal(typical[wire].firstTokenMs, 0.3, random) + inputTokens * readingMsPerToken,
  perTokenMs: logNormal(typical[wire].perTokenMs, 0.2, random),
})
