import type { Figures } from "./measure.ts"

/** Figures of one policy in one scenario, seed by seed. */
export type Results = Readonly<Record<string, Readonly<Record<string, readonly Figures[]>>>>

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / (values.length || 1)

/** The mean of one figure over the seeds; undefined where no run has it. */
export const meanOf = (figures: readonly Figures[], name: keyof Figures): number | undefined => {
  const values = figures.flatMap((each) => each[name] ?? [])
  return values.length === 0 ? undefined : mean(values)
}

export type Verdict = "better" | "level" | "worse"

/**
 * How ours does against another policy in one figure, by the differences seed for seed: both saw the same requests and the
 * same luck. Level is what lies within two standard errors.
 */
export const judge = (
  ours: readonly Figures[],
  other: readonly Figures[],
  { name, moreIsBetter }: { readonly name: keyof Figures; readonly moreIsBetter: boolean },
): Verdict => {
  const gains = ours.flatMap((figures, seed) => {
    const [mine, theirs] = [figures[name], other[seed]?.[name]]
    return mine === undefined || theirs === undefined ? [] : [moreIsBetter ? mine - theirs : theirs - mine]
  })
  const gain = mean(gains)
  const variance = mean(gains.map((each) => (each - gain) ** 2)) * (gains.length / Math.max(1, gains.length - 1))
  const error = 2 * Math.sqrt(variance / Math.max(1, gains.length))
  if (gain > error) return "better"
  return gain < -error ? "worse" : "level"
}

/** What the goal is about. */
export const judged: readonly {
  readonly name: keyof Figures
  readonly label: string
  readonly moreIsBetter: boolean
}[] = [
  { name: "utility", label: "utility", moreIsBetter: true },
  { name: "p95S", label: "p95", moreIsBetter: false },
  { name: "p99S", label: "p99", moreIsBetter: false },
  { name: "success", label: "success", moreIsBetter: true },
]
