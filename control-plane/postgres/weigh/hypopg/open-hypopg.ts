import { parse } from "pgsql-parser"
import * as v from "valibot"
import type { Database } from "../../database.ts"
import type { CandidateIndex, IndexSwitches, WhatIf } from "../../what-if.ts"
import { createTurns } from "../sidecar/in-turn.ts"
import { maskError } from "../sidecar/mask-error.ts"
import { quoteName } from "../sidecar/create-table.ts"
import { readPlan } from "../sidecar/read-plan.ts"

/**
 * What-if planning by the HypoPG extension in the watched database itself: the source sees an EXPLAIN for every question, in one
 * session. Throws where the extension is not installed there.
 */
export const openHypopg = async (source: Database, candidates: readonly CandidateIndex[]): Promise<WhatIf> => {
  const { major, mayHide } = await readFacts(source)
  await source.query("SELECT hypopg_reset()")
  const { sizes, refused } = await measure(source, candidates)
  const show = createSwitch(source, candidates, mayHide)
  const inTurn = createTurns()
  return {
    exactness: {
      sourceMajor: major,
      engineMajor: major,
      exact: false,
      note: "Planned by the database itself with HypoPG, which guesses the sizes of indexes; it sees an EXPLAIN for each question.",
    },
    sizeBytes: (candidate) => sizes.get(candidate) ?? 0,
    refused,
    plan: ({ sql }, switches) =>
      inTurn(async () => {
        await refuseSeveral(sql)
        const names = await show(switches)
        try {
          return readPlan(await source.query(`EXPLAIN (FORMAT JSON) ${sql}`), {
            nameOf: (index) => names.get(index) ?? index,
          })
        } catch (error) {
          throw maskError(error)
        }
      }),
    [Symbol.asyncDispose]: async () => {
      await source.query("SELECT hypopg_reset()")
    },
  }
}

/** Behind a semicolon would stand a statement that the watched database runs. */
const refuseSeveral = async (sql: string): Promise<void> => {
  const { stmts } = await parse(sql).catch((error: unknown) => {
    throw maskError(error)
  })
  if (stmts?.length !== 1) throw new Error("Only one statement can be explained at a time.")
}

const facts = v.tuple([v.object({ major: v.number(), installed: v.boolean(), mayHide: v.boolean() })])

const readFacts = async (source: Database) => {
  const rows = await source.query(
    `SELECT current_setting('server_version_num')::int / 10000 AS major,
       EXISTS (SELECT FROM pg_extension WHERE extname = 'hypopg') AS installed,
       EXISTS (SELECT FROM pg_proc WHERE proname = 'hypopg_hide_index') AS "mayHide"`,
  )
  const [found] = v.parse(facts, rows)
  if (!found.installed)
    throw new Error(
      "HypoPG is not installed in the database: run CREATE EXTENSION hypopg there, or let Voltgate plan beside it.",
    )
  return found
}

const made = v.tuple([v.object({ oid: v.string(), name: v.string() })])
type Made = v.InferOutput<typeof made>[0]

const make = async (source: Database, { name, definition }: CandidateIndex): Promise<Made> => {
  const sql = `CREATE INDEX ${quoteName(name)} ${definition}`
  const rows = await source.query("SELECT indexrelid::text AS oid, indexname AS name FROM hypopg_create_index($1)", [
    sql,
  ])
  return v.parse(made, rows)[0]
}

const drop = (source: Database, { oid }: Made) => source.query("SELECT hypopg_drop_index($1::text::oid)", [oid])

const size = v.tuple([v.object({ bytes: v.number() })])

const measure = async (source: Database, candidates: readonly CandidateIndex[]) => {
  const sizes = new Map<string, number>()
  const refused = new Map<string, string>()
  for (const candidate of candidates) {
    try {
      const index = await make(source, candidate)
      const rows = await source.query("SELECT hypopg_relation_size($1::text::oid)::float8 AS bytes", [index.oid])
      sizes.set(candidate.name, v.parse(size, rows)[0].bytes)
      await drop(source, index)
    } catch (error) {
      refused.set(candidate.name, maskError(error).message)
    }
  }
  return { sizes, refused }
}

/** Makes and drops hypothetical indexes until those that are asked for remain; gives candidates' names by HypoPG's. */
const createSwitch = (source: Database, candidates: readonly CandidateIndex[], mayHide: boolean) => {
  const present = new Map<CandidateIndex, Made>()
  let hiddenNow: ReadonlySet<string> = new Set()
  return async ({ on, hidden = new Set() }: IndexSwitches): Promise<ReadonlyMap<string, string>> => {
    for (const candidate of candidates) {
      const index = present.get(candidate)
      if (index !== undefined && !on.has(candidate.name)) {
        await drop(source, index)
        present.delete(candidate)
      }
      if (index === undefined && on.has(candidate.name)) present.set(candidate, await make(source, candidate))
    }
    if (hidden.size > 0 && !mayHide) throw new Error("This HypoPG hides no existing index: 1.4 is the first that does.")
    if (hidden.symmetricDifference(hiddenNow).size > 0) {
      await source.query("SELECT hypopg_unhide_all_indexes()")
      for (const name of hidden) await source.query(hide, [name])
      hiddenNow = hidden
    }
    return new Map([...present].map(([candidate, { name }]) => [name, candidate.name]))
  }
}

const hide = `SELECT hypopg_hide_index(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname || '.' || c.relname = $1 AND c.relkind IN ('i', 'I')`
