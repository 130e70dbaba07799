import type { CandidateIndex, WhatIf } from "../what-if.ts"
import type { Usable } from "./find-usable.ts"
import type { CostRatio, Scale, WeighedStatement } from "./weigh-set.ts"

/** What is chosen from, and by what. */
export interface World {
  readonly whatIf: WhatIf
  /** Candidates that some plan may use, and that the budget has room for. */
  readonly useful: readonly CandidateIndex[]
  readonly statements: readonly WeighedStatement[]
  readonly scale: Scale
  readonly usable: Usable
  /** What was asked already, by the sum of the powers of those that a statement was shown. */
  readonly known: Map<WeighedStatement, Map<number, CostRatio>>
  /** What all statements take now. */
  readonly totalMs: number
  readonly budgetBytes: number
  /** Of that time, what an index must save. */
  readonly leastShare: number
  /** Rows written in each table over the time that the statements were counted in. */
  readonly writesOf: (candidate: CandidateIndex) => number
}

export const namesOf = (indexes: readonly CandidateIndex[]): ReadonlySet<string> =>
  new Set(indexes.map(({ name }) => name))
export const sizeOf = ({ whatIf }: World, indexes: readonly CandidateIndex[]): number =>
  indexes.reduce((sum, { name }) => sum + whatIf.sizeBytes(name), 0)

/** No statement may become dearer by more. */
const mostDearer = 1.1
/** Beyond any price. */
const forbidden = 1_000

/** The statements' time with these indexes; beyond any price where one becomes much dearer. */
export const costMs = async (
  world: World,
  indexes: readonly CandidateIndex[],
  among = world.statements,
): Promise<number> => {
  let sum = 0
  for (const statement of among) {
    const { mean, worst } = await ratioWith(world, statement, indexes)
    sum += worst > mostDearer ? forbidden * world.totalMs : statement.statistics.totalMs * mean
  }
  return sum
}

/** Only what a statement may use is shown to it, so that the same question comes again and need not be asked. */
export const ratioWith = async (
  { scale, usable, known }: World,
  statement: WeighedStatement,
  indexes: readonly CandidateIndex[],
): Promise<CostRatio> => {
  const may = usable.get(statement)
  const ratios = known.get(statement) ?? new Map<number, CostRatio>()
  known.set(statement, ratios)
  let key = 0
  for (const { name } of indexes) key += may?.get(name) ?? 0
  const ratio =
    ratios.get(key) ??
    (await scale.ratio(statement, new Set(indexes.flatMap(({ name }) => (may?.has(name) === true ? [name] : [])))))
  ratios.set(key, ratio)
  return ratio
}

export const statementsOf = ({ statements, usable }: World, { name }: CandidateIndex): readonly WeighedStatement[] =>
  statements.filter((statement) => usable.get(statement)?.has(name) === true)

/** What no index can save more than, beside those there: as much as all of them together. */
export const mostToSave = async (
  world: World,
  indexes: readonly CandidateIndex[],
  among: readonly WeighedStatement[],
): Promise<number> => {
  let sum = 0
  for (const statement of among) {
    const [now, all] = [await ratioWith(world, statement, indexes), await ratioWith(world, statement, world.useful)]
    sum += statement.statistics.totalMs * Math.max(0, now.mean - all.mean)
  }
  return sum
}

/** What an entry in one more index costs a write: a descent and a page to be logged. */
const writeMs = 0.015

export const writePriceMs = ({ writesOf }: World, candidate: CandidateIndex): number => writesOf(candidate) * writeMs

/** What a full budget must save, in shares that one index must save: of two that save the same, the narrow one is taken. */
const storagePrice = 10

/** The statements' time, with what the indexes cost their tables' writes, and their place. */
export const netMs = async (world: World, indexes: readonly CandidateIndex[]): Promise<number> =>
  (await costMs(world, indexes)) +
  indexes.reduce((sum, each) => sum + writePriceMs(world, each), 0) +
  (sizeOf(world, indexes) / world.budgetBytes) * storagePrice * world.leastShare * world.totalMs
