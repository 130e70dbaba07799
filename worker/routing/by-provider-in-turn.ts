import type { ModelRef } from "./model-ref.ts"

/** The best of each provider first, then their second best: what misleads one model often misleads its siblings. */
export const byProviderInTurn = <T extends ModelRef>(ranked: readonly T[]): T[] => {
  const seen = new Map<string, number>()
  return ranked
    .map((candidate) => {
      const nth = seen.get(candidate.provider) ?? 0
      seen.set(candidate.provider, nth + 1)
      return { candidate, nth }
    })
    .toSorted((a, b) => a.nth - b.nth)
    .map(({ candidate }) => candidate)
}
