import type { Counters, JournalEntry } from "./journal-entry.ts"

export interface VerifyRules {
  /** Calls of a statement before it is judged. */
  readonly minCalls: number
  /** After so long without enough calls, what was built has not earned its place. */
  readonly longestMs: number
}

export const usualRules: VerifyRules = { minCalls: 30, longestMs: 7 * 86_400_000 }

export type Verdict =
  | { readonly kind: "wait"; readonly reason: string }
  | { readonly kind: "keep"; readonly reason: string }
  | { readonly kind: "revert"; readonly reason: string }

/** One statement before and during the watch window, a call on average. */
interface Judged {
  readonly queryId: string
  readonly calls: number
  readonly before: PerCall
  readonly after: PerCall
}

interface PerCall {
  readonly ms: number
  readonly blocks: number
}

/** Where a share of the expected gain is reached, a change is kept. */
const enoughGain = 0.5
const worseRatio = 1.1
const muchWorseRatio = 1.5
const worseShare = 0.01

/**
 * Judges a change by what the statements cost in its watch window: blocks a call first, as other load moves them least, then
 * time. Kept where it brought at least half of what was estimated and made no statement worse; undone else.
 */
export const verify = (entry: JournalEntry, now: Counters, at: Date, rules: VerifyRules): Verdict => {
  const { before, baseline, change } = entry
  if (before === undefined || baseline === undefined) {
    return { kind: "keep", reason: "Its effect could not be measured: pg_stat_statements was not there to read." }
  }
  const judged = judge(before, since(baseline.counters, now), rules.minCalls)
  const worse = findWorse(judged)
  if (worse !== undefined) return { kind: "revert", reason: worse }
  if (change.kind === "drop-index" || change.estimate.queries.length === 0)
    return judgeHarmless(judged, baseline.at, at, rules)
  const gain = weighGain(judged, before, change.estimate.queries)
  if (gain === undefined) {
    return Date.parse(baseline.at) + rules.longestMs > at.getTime()
      ? { kind: "wait", reason: `The statements that it is for have not been called ${rules.minCalls} times yet.` }
      : { kind: "revert", reason: "The statements that it is for were hardly called in all its watch window." }
  }
  const told = `blocks a call ${percent(gain.blocks)}, time a call ${percent(gain.ms)} of the estimated saving`
  return Math.max(gain.blocks, gain.ms) >= enoughGain
    ? { kind: "keep", reason: `It did what it is for: ${told}.` }
    : { kind: "revert", reason: `It saved less than half of the estimate: ${told}.` }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

/** What was counted since. Where the server began to count anew, all of it is since. */
const since = (baseline: Counters, now: Counters): Counters =>
  Object.fromEntries(
    Object.entries(now).map(([id, counted]) => {
      const from = baseline[id]
      if (from === undefined || counted.calls < from.calls) return [id, counted]
      return [
        id,
        {
          calls: counted.calls - from.calls,
          totalMs: Math.max(0, counted.totalMs - from.totalMs),
          blocks: Math.max(0, counted.blocks - from.blocks),
        },
      ]
    }),
  )

const judge = (before: Counters, delta: Counters, minCalls: number): readonly Judged[] =>
  Object.entries(delta).flatMap(([queryId, { calls, totalMs, blocks }]) => {
    const was = before[queryId]
    if (was === undefined || was.calls === 0 || calls < minCalls) return []
    return [
      {
        queryId,
        calls,
        before: { ms: was.totalMs / was.calls, blocks: was.blocks / was.calls },
        after: { ms: totalMs / calls, blocks: blocks / calls },
      },
    ]
  })

/** A machine that is busier than before slows all statements; what read as many blocks as before tells by how much. */
const drift = (judged: readonly Judged[]): number => {
  const ratios = judged
    .filter(({ before, after }) => after.blocks <= before.blocks * 1.1 && after.blocks >= before.blocks * 0.9)
    .map(({ before, after }) => after.ms / before.ms)
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b)
  return ratios.length < 3 ? 1 : Math.max(1, ratios[Math.floor(ratios.length / 2)] ?? 1)
}

/** A statement more than 10 % slower at the cost of more than 1 % of the workload, and not for the machine's sake. */
const findWorse = (judged: readonly Judged[]): string | undefined => {
  const busier = drift(judged)
  const workloadMs = judged.reduce((sum, { calls, before }) => sum + calls * before.ms, 0)
  for (const { queryId, calls, before, after } of judged) {
    const slower = after.ms / busier / before.ms
    const extraShare = (calls * (after.ms / busier - before.ms)) / workloadMs
    if (!(slower > worseRatio && extraShare > worseShare)) continue
    const readsMore = after.blocks > before.blocks * worseRatio
    if (readsMore || slower > muchWorseRatio) {
      return (
        `Statement ${queryId} got worse: ${before.ms.toFixed(2)} → ${after.ms.toFixed(2)} ms and ` +
        `${Math.round(before.blocks)} → ${Math.round(after.blocks)} blocks a call.`
      )
    }
  }
  return undefined
}

/** Saved over expected, over the statements that the change is for; undefined while less than half of them can be judged. */
const weighGain = (
  judged: readonly Judged[],
  before: Counters,
  expected: JournalEntry["change"]["estimate"]["queries"],
): PerCall | undefined => {
  const total = { known: 0, all: 0 }
  const [saved, hoped] = [
    { ms: 0, blocks: 0 },
    { ms: 0, blocks: 0 },
  ]
  for (const { queryId, costRatio } of expected) {
    const was = before[queryId]
    if (was === undefined || costRatio >= 1) continue
    const weight = was.totalMs * (1 - costRatio)
    total.all += weight
    const found = judged.find((each) => each.queryId === queryId)
    if (found === undefined) continue
    total.known += weight
    for (const unit of ["ms", "blocks"] as const) {
      // Reading as much as before, it is planned as before: what it is faster by is the machine's doing.
      if (!isSamePlan(found)) saved[unit] += found.calls * (found.before[unit] - found.after[unit])
      hoped[unit] += found.calls * found.before[unit] * (1 - costRatio)
    }
  }
  if (total.known === 0 || total.known < total.all / 2) return undefined
  const share = (unit: keyof PerCall): number => (hoped[unit] === 0 ? 0 : saved[unit] / hoped[unit])
  return { ms: share("ms"), blocks: share("blocks") }
}

const isSamePlan = ({ before, after }: Judged): boolean =>
  before.blocks > 0 && Math.abs(after.blocks - before.blocks) <= 0.01 * before.blocks

/** What promises no statement a gain has only to do no harm, for as long as it takes to see. */
const judgeHarmless = (judged: readonly Judged[], from: string, at: Date, rules: VerifyRules): Verdict =>
  judged.length > 0 || Date.parse(from) + rules.longestMs <= at.getTime()
    ? { kind: "keep", reason: `None of ${judged.length} statements got worse.` }
    : { kind: "wait", reason: `No statement has been called ${rules.minCalls} times yet.` }
