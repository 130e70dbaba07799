import type { CandidateIndex, WhatIf } from "../what-if.ts"
import { createScale } from "./weigh-set.ts"
import type { CostRatio, Scale, WeighedStatement } from "./weigh-set.ts"

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

/** What an entry in one more index costs a write: a descent and a page to be logged. */
const writeMs = 0.015
/** No statement may become dearer by more. */
const mostDearer = 1.1
const keptShare = 0.99

/**
 * Chooses the indexes that save most for their bytes: those that plans would use if all were there, then one after the other
 * the one that saves most (each time given those before it), until nothing is worth its writes and its place; then what the
 * later ones made needless goes again. Greedy as in Chaudhuri and Narasayya, "An efficient, cost-driven index selection tool
 * for Microsoft SQL Server" (VLDB 1997).
 */
export const chooseIndexes = async (
  whatIf: WhatIf,
  candidates: readonly CandidateIndex[],
  statements: readonly WeighedStatement[],
  options: ChooseOptions,
): Promise<Choice> => {
  const tableOf = new Map(candidates.map(({ name, schema, table }) => [name, `${schema}.${table}`]))
  const scale = createScale(whatIf, tableOf)
  const totalMs = statements.reduce((sum, { statistics }) => sum + statistics.totalMs, 0)
  options.onProgress(`Planning ${statements.length} statements with ${candidates.length} candidates`)
  const useful = await shortlist(scale, candidates, statements)
  const costMs = async (on: ReadonlySet<string>, among: readonly WeighedStatement[] = statements): Promise<number> => {
    let sum = 0
    for (const statement of among) {
      const { mean, worst } = await scale.ratio(statement, on)
      // What may become much dearer is not wanted at any price.
      sum += worst > mostDearer ? Number.POSITIVE_INFINITY : statement.statistics.totalMs * mean
    }
    return sum
  }
  const touching = (table: string): readonly WeighedStatement[] => statements.filter(({ tables }) => tables.has(table))

  const chosen: CandidateIndex[] = []
  let usedBytes = 0
  const gains = new Map<CandidateIndex, number>(useful.map((candidate) => [candidate, Number.POSITIVE_INFINITY]))
  for (;;) {
    const on = new Set(chosen.map(({ name }) => name))
    const best = await takeBest(
      gains,
      async (candidate) => {
        const size = whatIf.sizeBytes(candidate.name)
        if (usedBytes + size > options.budgetBytes) return Number.NEGATIVE_INFINITY
        const among = touching(tableOf.get(candidate.name) ?? "")
        const saved = (await costMs(on, among)) - (await costMs(new Set([...on, candidate.name]), among))
        return saved - options.writesOf(candidate) * writeMs
      },
      (candidate) => Math.sqrt(Math.max(8_192, whatIf.sizeBytes(candidate.name))),
    )
    if (best === undefined || best.gain < options.leastShare * totalMs) break
    chosen.push(best.candidate)
    gains.delete(best.candidate)
    usedBytes += whatIf.sizeBytes(best.candidate.name)
    options.onProgress(`Chose ${chosen.length}: ${best.candidate.schema}.${best.candidate.table}`)
  }
  const kept = await dropNeedless(chosen, costMs)
  return {
    chosen: await describe(kept, statements, scale, whatIf, options, totalMs, costMs),
    savedShare: totalMs === 0 ? 0 : 1 - (await costMs(new Set(kept.map(({ name }) => name)))) / totalMs,
    considered: candidates.length,
    useful: useful.length,
    plans: scale.asked(),
  }
}

/** Candidates that a plan uses when all are there, and again when those are not: the second best are worth a look too. */
const shortlist = async (
  scale: Scale,
  candidates: readonly CandidateIndex[],
  statements: readonly WeighedStatement[],
): Promise<readonly CandidateIndex[]> => {
  const used = new Set<string>()
  for (let round = 0; round < 3; round++) {
    const on = new Set(candidates.map(({ name }) => name).filter((name) => !used.has(name)))
    const found: string[] = []
    for (const statement of statements) found.push(...(await scale.ratio(statement, on)).uses)
    if (found.length === 0) break
    for (const name of found) used.add(name)
  }
  return candidates.filter(({ name }) => used.has(name))
}

/**
 * The candidate with the most gain for its (square root of) bytes. Gains only shrink as others are chosen, so a candidate
 * whose old gain is below another's new one need not be weighed anew (lazy greedy; Minoux, 1978).
 */
const takeBest = async (
  gains: Map<CandidateIndex, number>,
  gainOf: (candidate: CandidateIndex) => Promise<number>,
  priceOf: (candidate: CandidateIndex) => number,
): Promise<{ readonly candidate: CandidateIndex; readonly gain: number } | undefined> => {
  const fresh = new Set<CandidateIndex>()
  for (;;) {
    const [first] = [...gains].toSorted(([a, gainA], [b, gainB]) => gainB / priceOf(b) - gainA / priceOf(a))
    if (first === undefined || first[1] <= 0) return undefined
    const [candidate, gain] = first
    if (fresh.has(candidate)) return { candidate, gain }
    gains.set(candidate, await gainOf(candidate))
    fresh.add(candidate)
  }
}

const dropNeedless = async (
  chosen: readonly CandidateIndex[],
  costMs: (on: ReadonlySet<string>) => Promise<number>,
): Promise<readonly CandidateIndex[]> => {
  let kept = [...chosen]
  for (const candidate of chosen) {
    const without = kept.filter((each) => each !== candidate)
    const [all, fewer] = [
      await costMs(new Set(kept.map(({ name }) => name))),
      await costMs(new Set(without.map(({ name }) => name))),
    ]
    if (fewer * keptShare <= all) kept = without
  }
  return kept
}

const describe = async (
  kept: readonly CandidateIndex[],
  statements: readonly WeighedStatement[],
  scale: Scale,
  whatIf: WhatIf,
  { writesOf }: ChooseOptions,
  totalMs: number,
  costMs: (on: ReadonlySet<string>) => Promise<number>,
): Promise<readonly ChosenIndex[]> => {
  const described: ChosenIndex[] = []
  const before = new Set<string>()
  for (const candidate of kept) {
    const after = new Set([...before, candidate.name])
    const gains: { statement: WeighedStatement; ratio: CostRatio }[] = []
    for (const statement of statements) {
      const [one, other] = [await scale.ratio(statement, before), await scale.ratio(statement, after)]
      if (other.mean < one.mean * 0.99) gains.push({ statement, ratio: other })
    }
    described.push({
      candidate,
      sizeBytes: whatIf.sizeBytes(candidate.name),
      savedShare: totalMs === 0 ? 0 : ((await costMs(before)) - (await costMs(after))) / totalMs,
      writePriceMs: writesOf(candidate) * writeMs,
      statements: gains,
    })
    before.add(candidate.name)
  }
  return described
}
