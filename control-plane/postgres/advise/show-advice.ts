import { maskChange } from "../apply/mask-change.ts"
import type { ProposedChange } from "../change.ts"
import type { Advice } from "./advise.ts"

/** The published threshold: four fifths of some statement's cost, and a hundredth of all the time. */
const impact = { ofStatement: 0.8, ofWorkload: 0.01 } as const

export const hasImpact = ({ estimate }: ProposedChange): boolean =>
  (estimate.savedShare ?? 0) >= impact.ofWorkload &&
  estimate.queries.some(({ costRatio }) => 1 - costRatio >= impact.ofStatement)

/** The advice for people: what to build, in order, and what it would do. */
export const showAdvice = (advice: Advice): string => {
  const { changes, savedShare, statements, candidates, exactness, budgetBytes } = advice
  const skipped = Object.entries(statements.skipped).map(([reason, count]) => `  ${count} left out: ${reason}`)
  const head = [
    `${statements.weighed} of ${statements.read} statements were weighed, with ${candidates.considered} candidates (${candidates.useful} of use) and ${candidates.plans} plans.`,
    ...skipped,
    exactness.note,
    "",
  ]
  if (changes.length === 0)
    return [
      ...head,
      "No new index is worth its bytes and its writes, and no statistics would change a plan for the better.",
    ].join("\n")
  const rows = changes
    .map(maskChange)
    .flatMap((change, index) => [
      `${String(index + 1).padStart(2)}  ${change.sql};`,
      `    ${[...worthOf(change), change.reason].join(": ")}`,
    ])
  const total = changes.reduce((sum, { estimate }) => sum + (estimate.sizeBytes ?? 0), 0)
  return [
    ...head,
    ...rows,
    "",
    `Together ${percent(savedShare)} of the statements' time, in ${megabytes(total)} of at most ${megabytes(budgetBytes)}. \`voltgate db explain N\` tells more of one.`,
  ].join("\n")
}

/** What a change saves and takes, in figures, where it has such. */
const worthOf = (change: ProposedChange): readonly string[] => {
  const { savedShare, sizeBytes } = change.estimate
  const figures = [
    ...(savedShare === undefined ? [] : [`${percent(savedShare)} of the time saved`]),
    ...(sizeBytes === undefined ? [] : [megabytes(sizeBytes)]),
    ...(hasImpact(change) ? ["impact above 0.8"] : []),
  ]
  return figures.length === 0 ? [] : [figures.join(", ")]
}

/** One piece of advice in words. */
export const explainChange = (
  advice: Advice,
  change: ProposedChange,
  textOf: (queryId: string) => string | undefined,
): string => {
  const { estimate } = change
  const gains = estimate.queries
    .toSorted((a, b) => a.costRatio - b.costRatio)
    .map(
      ({ queryId, costRatio }) =>
        `  ${percent(costRatio)} of its cost now: ${(textOf(queryId) ?? queryId).replaceAll(/\s+/g, " ").slice(0, 300)}`,
    )
  const { sql, inverse } = maskChange(change)
  const undo = inverse === undefined ? "It leaves nothing to undo." : `To undo it: ${inverse};`
  return [
    `${sql};`,
    [...worthOf(change), change.reason].join(": "),
    ...(gains.length === 0 ? [] : [gains.join("\n")]),
    `${undo}\n${advice.exactness.note}`,
  ].join("\n\n")
}

export const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`
export const megabytes = (bytes: number): string => `${Number((bytes / 1_000_000).toPrecision(3))} MB`
