import { readWorkload, weighQueries } from "../advise/read-workload.ts"
import type { Hint } from "../change.ts"
import type { WeighedQuery } from "../choose/weigh-set.ts"
import type { Database } from "../database.ts"
import { readTables } from "../observe/read-tables.ts"
import { openWhatIf } from "../weigh/open-what-if.ts"
import type { WhatIf } from "../what-if.ts"
import type { StatementStatistics } from "../workload.ts"

/** A statement that costs more without an index is one that may need it, whatever was counted. */
const mostDearer = 1.01

/**
 * Asks a planner that lacks them about indexes that nobody was seen to use: what a known statement would miss is no longer a change that
 * `apply` carries out, and neither is what could not be looked at. The message says so.
 */
export const checkUnused = async (
  database: Database,
  statements: readonly StatementStatistics[],
  hints: readonly Hint[],
  open: (source: Database) => Promise<WhatIf> = (source) => openWhatIf(source, []),
): Promise<readonly Hint[]> => {
  if (!hints.some(isUnused)) return hints
  await using whatIf = await open(database).catch(() => undefined)
  const queries = whatIf === undefined ? [] : await readQueries(database, whatIf, statements)
  const checked: Hint[] = []
  for (const hint of hints) {
    if (!isUnused(hint)) checked.push(hint)
    else if (whatIf === undefined)
      checked.push(keep(hint, "It could not be looked at whether a statement would miss it."))
    else checked.push(await check(hint, whatIf, queries))
  }
  return checked
}

const isUnused = ({ change }: Hint): boolean => change?.unused !== undefined

const readQueries = async (
  database: Database,
  whatIf: WhatIf,
  statements: readonly StatementStatistics[],
): Promise<readonly (readonly WeighedQuery[])[]> => {
  const { read } = await readWorkload(statements, await readTables(database), new Map())
  const found: (readonly WeighedQuery[])[] = []
  for (const { queries, statistics } of read) found.push(await weighQueries(whatIf, queries, statistics))
  return found.filter((each) => each.length > 0)
}

const check = async (hint: Hint, whatIf: WhatIf, statements: readonly (readonly WeighedQuery[])[]): Promise<Hint> => {
  const { schema = "", object = "" } = hint.change ?? {}
  const hidden = new Set([`${schema}.${object}`])
  let [dearer, worst] = [0, 1]
  for (const queries of statements) {
    let ratio = 1
    for (const query of queries) {
      const without = await whatIf.plan(query, { on: new Set(), hidden })
      ratio = Math.max(ratio, without.cost / Math.max(query.now.cost, Number.MIN_VALUE))
    }
    if (ratio > mostDearer) dearer++
    worst = Math.max(worst, ratio)
  }
  if (dearer > 0) {
    const which = dearer === 1 ? "a known statement" : `${dearer} known statements`
    return keep(hint, `Yet without it ${which} would cost more, up to ${worst.toFixed(1)} times: it stays.`)
  }
  const said = `None of ${statements.length} known statements would cost more than 1 % more without it.`
  return { ...hint, message: `${hint.message} ${said}`, ...withReason(hint, said) }
}

const withReason = ({ change }: Hint, said: string): Pick<Hint, "change"> =>
  change === undefined ? {} : { change: { ...change, reason: `${change.reason} ${said}` } }

const keep = ({ topic, subject, message }: Hint, said: string): Hint => ({
  topic,
  subject,
  message: `${message} ${said}`,
})
