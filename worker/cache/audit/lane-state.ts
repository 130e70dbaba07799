import { upperLimit } from "../binomial-limits.ts"
import type { BinCounts } from "../near/confidence.ts"

/**
 * What a deployment has found out itself about the near lane of one tenant and query type. A plain value: it is loaded,
 * a rule is applied, it is stored.
 */
export interface LaneState {
  readonly open: boolean
  /** Near answers that were checked against a provider since the lane last opened or closed, and those that were wrong. */
  readonly audited: number
  readonly wrong: number
  /** Ever. */
  readonly auditedEver: number
  readonly wrongEver: number
  /** Milliseconds since the epoch. */
  readonly changedAt: number
  /** What was found of neighbors, by the bin of their score (`NearVerdict.bin`), whether they served or not. */
  readonly evidence: readonly BinCounts[]
}

export const newLane = (now: number): LaneState => ({
  open: true,
  audited: 0,
  wrong: 0,
  auditedEver: 0,
  wrongEver: 0,
  changedAt: now,
  evidence: [],
})

/** One neighbor whose answer was compared with the provider's own. */
export interface Finding {
  readonly bin: number
  readonly right: boolean
  /** How much the comparison proves, 0..1: equal answers of yes or no may be equal by chance. A wrong answer proves itself. */
  readonly weight: number
  /** The neighbor's answer was served, or would have been had the lane been open. Others teach the bins alone. */
  readonly wouldServe: boolean
}

/** Old findings count for less: from here on, both counts are halved, so that a lane follows what changes. */
const mostEvidence = 1_000
const mostBins = 32

/**
 * Takes a finding in. The lane closes when its error passes δ: with enough audits for the 95 % upper limit to be able to
 * lie below δ at all, when it lies above; before that, when even the lower limit is above. It opens again when audits made
 * since it closed (every would-be hit is then asked of a provider, so they come for nothing) bring the limit below δ.
 */
export const learn = (lane: LaneState, finding: Finding, delta: number, now: number): LaneState => {
  const evidence = withEvidence(lane.evidence, finding)
  if (!finding.wouldServe) return { ...lane, evidence }
  const counted = faded({
    audited: lane.audited + (finding.right ? finding.weight : 1),
    wrong: lane.wrong + (finding.right ? 0 : 1),
  })
  const audits = {
    ...counted,
    auditedEver: lane.auditedEver + 1,
    wrongEver: lane.wrongEver + (finding.right ? 0 : 1),
  }
  const open = lane.open ? !mustClose(counted, delta) : mayOpen(counted, delta)
  if (open === lane.open) return { ...lane, ...audits, evidence }
  // What closed the lane must not count for its reopening as well, nor the other way round.
  return { ...lane, ...audits, audited: 0, wrong: 0, open, changedAt: now, evidence }
}

/** The error of near answers is below this, with 95 % certainty. */
export const errorLimit = ({ audited, wrong }: Pick<LaneState, "audited" | "wrong">): number =>
  upperLimit(wrong, audited - wrong)

/** Audits without a single error that it takes to bring the upper limit down to δ: 149 for 2 %. */
export const auditsNeeded = (delta: number): number => Math.ceil(Math.log(0.05) / Math.log(1 - delta))

type Audits = Pick<LaneState, "audited" | "wrong">

const mustClose = (audits: Audits, delta: number): boolean => {
  const { audited, wrong } = audits
  if (audited >= auditsNeeded(delta)) return errorLimit(audits) > delta
  // Few audits prove little, but two wrong of five do; a single one may be the fortieth of a good lane come early.
  return wrong >= 2 && 1 - upperLimit(audited - wrong, wrong) > delta
}

const mayOpen = (audits: Audits, delta: number): boolean => errorLimit(audits) <= delta

const faded = (audits: Audits): Audits =>
  audits.audited < mostEvidence ? audits : { audited: audits.audited / 2, wrong: audits.wrong / 2 }

const withEvidence = (evidence: readonly BinCounts[], { bin, right, weight }: Finding): readonly BinCounts[] => {
  if (!Number.isInteger(bin) || bin < 0 || bin >= mostBins) return evidence
  return Array.from({ length: Math.max(evidence.length, bin + 1) }, (_, index) => {
    const counts = evidence[index] ?? { right: 0, wrong: 0 }
    if (index !== bin) return counts
    const half = counts.right + counts.wrong >= mostEvidence ? 0.5 : 1
    return right
      ? { right: counts.right * half + weight, wrong: counts.wrong * half }
      : { right: counts.right * half, wrong: counts.wrong * half + 1 }
  })
}
