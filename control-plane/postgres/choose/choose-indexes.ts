import type { CandidateIndex, WhatIf } from "../what-if.ts"
import { findUsable } from "./find-usable.ts"
import { search } from "./search.ts"
import { createScale } from "./weigh-set.ts"
import type { CostRatio, WeighedStatement } from "./weigh-set.ts"
import { costMs, ratioWith, writePriceMs } from "./world.ts"
import type { World } from "./world.ts"

export interface ChooseOptions {
  /** All that is built together may take no more. */
  readonly budgetBytes: number
  /** An index must save at least this share of the workload's time. */
  readonly leastShare: number
  /** Rows written in each table over the time that the statements were counted in. */
  readonly writesOf: (candidate: CandidateIndex) => number
  readonly onProgress: (step: string) => void
}

export interface ChosenIndex {
  readonly candidate: CandidateIndex
  readonly sizeBytes: number
  /** Share of the workload's time that would be saved by it, beside those chosen before it. */
  readonly savedShare: number
  /** Time that writes would take longer, over the time that was counted, in milliseconds. */
  readonly writePriceMs: number
  readonly statements: readonly { readonly statement: WeighedStatement; readonly ratio: CostRatio }[]
}

export interface Choice {
  /** In the order in which they are worth building. */
  readonly chosen: readonly ChosenIndex[]
  /** Share of the workload's time that all of them save. */
  readonly savedShare: number
  readonly considered: number
  /** Candidates that some plan used. */
  readonly useful: number
  readonly plans: number
}

/** Of the budget what is given away: sizes are estimates, and some come out larger. */
const filledShare = 0.95

/** Chooses the indexes that save most within the budget, as the planner has it: by asking it, with and without them. */
export const chooseIndexes = async (
  whatIf: WhatIf,
  candidates: readonly CandidateIndex[],
  statements: readonly WeighedStatement[],
  { budgetBytes, leastShare, writesOf, onProgress }: ChooseOptions,
): Promise<Choice> => {
  const scale = createScale(whatIf)
  onProgress(`Planning ${statements.length} statements with ${candidates.length} candidates`)
  const usable = await findUsable(scale, candidates, statements)
  const used = candidates.filter(({ name }) => [...usable.values()].some((names) => names.has(name)))
  const world: World = {
    whatIf,
    useful: used.filter(({ name }) => whatIf.sizeBytes(name) <= budgetBytes * filledShare),
    usable,
    known: new Map(),
    statements,
    scale,
    totalMs: statements.reduce((sum, { statistics }) => sum + statistics.totalMs, 0),
    budgetBytes: budgetBytes * filledShare,
    leastShare,
    writesOf,
  }
  onProgress(`Choosing among ${used.length} that plans would use`)
  const chosen = await search(world)
  return {
    chosen: await describe(chosen, world),
    savedShare: await savedShare(world, [], chosen),
    considered: candidates.length,
    useful: used.length,
    plans: scale.asked(),
  }
}

/** Of the workload's time, what more indexes save. */
const savedShare = async (
  world: World,
  before: readonly CandidateIndex[],
  after: readonly CandidateIndex[],
): Promise<number> =>
  world.totalMs === 0 ? 0 : ((await costMs(world, before)) - (await costMs(world, after))) / world.totalMs

const describe = async (kept: readonly CandidateIndex[], world: World): Promise<readonly ChosenIndex[]> => {
  const { whatIf, statements } = world
  const described: ChosenIndex[] = []
  for (const [at, candidate] of kept.entries()) {
    const [before, after] = [kept.slice(0, at), kept.slice(0, at + 1)]
    const gains: { statement: WeighedStatement; ratio: CostRatio }[] = []
    for (const statement of statements) {
      const one = await ratioWith(world, statement, before)
      const other = await ratioWith(world, statement, after)
      if (other.mean < one.mean * 0.99) gains.push({ statement, ratio: other })
    }
    described.push({
      candidate,
      sizeBytes: whatIf.sizeBytes(candidate.name),
      savedShare: await savedShare(world, before, after),
      writePriceMs: writePriceMs(world, candidate),
      statements: gains,
    })
  }
  return described
}
