import type { CandidateIndex } from "../what-if.ts"
import type { Scale, WeighedStatement } from "./weigh-set.ts"
import { namesOf } from "./world.ts"

/** Names of the candidates that a statement's plans may use, each with a power of two of its own: a sum names a set of them. */
export type Usable = ReadonlyMap<WeighedStatement, ReadonlyMap<string, number>>

const mostRounds = 8
/** So that sums of powers are exact. */
const mostUsable = 50

/**
 * Candidates that a statement's plans use when all are there, again when those are not, and so on: the best are wide, and what is
 * second or fifth best may serve nearly as well for a third of the bytes.
 */
export const findUsable = async (
  scale: Scale,
  candidates: readonly CandidateIndex[],
  statements: readonly WeighedStatement[],
): Promise<Usable> => {
  const usable = new Map<WeighedStatement, ReadonlyMap<string, number>>()
  for (const statement of statements) {
    const left = namesOf(candidates)
    const found = new Set<string>()
    for (let round = 0; round < mostRounds; round++) {
      const { uses } = await scale.ratio(statement, left.difference(found))
      if (uses.length === 0) break
      for (const name of uses) found.add(name)
    }
    usable.set(statement, new Map([...found].slice(0, mostUsable).map((name, at) => [name, 2 ** at])))
  }
  return usable
}
