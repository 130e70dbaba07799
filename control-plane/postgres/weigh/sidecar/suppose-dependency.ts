import * as v from "valibot"
import type { ColumnDependency } from "../../what-if.ts"
import type { Engine } from "../engine/engine.ts"
import { dependenciesBytes } from "../files/statistics-bytes.ts"
import { quoteName } from "./create-table.ts"

const Place = v.tuple([v.object({ oid: v.string(), numbers: v.array(v.number()) })])

/** Lets the engine's planner believe, for as long as some work takes, that columns depend on each other. */
export const createSuppose = ({ admin, major }: Pick<Engine, "admin" | "major">) => {
  const known = new Map<string, Promise<v.InferOutput<typeof Place>[0]>>()
  return async <T>({ degree, ...group }: ColumnDependency, work: () => Promise<T>): Promise<T> => {
    const key = JSON.stringify(group)
    const place = known.get(key) ?? makeStatistics(admin, group, `voltgate_supposed_${known.size}`)
    known.set(key, place)
    const { oid, numbers } = await place
    const figures = numbers.flatMap((to) => {
      const from = numbers.filter((each) => each !== to)
      const pairs = from.map((one) => ({ columns: [one, to], value: degree }))
      return from.length > 1 ? [...pairs, { columns: [...from, to], value: degree }] : pairs
    })
    await admin.query(set(major), [oid, dependenciesBytes(figures).toString("hex")])
    try {
      return await work()
    } finally {
      await admin.query(unset(major), [oid])
    }
  }
}

/** Before 15 the row is there as long as the statistics are, and must be. */
const set = (major: number): string =>
  major < 15
    ? "UPDATE pg_statistic_ext_data SET stxddependencies = decode($2, 'hex')::pg_dependencies WHERE stxoid = $1::text::oid"
    : "INSERT INTO pg_statistic_ext_data (stxoid, stxdinherit, stxddependencies) SELECT $1::text::oid, false, decode($2, 'hex')::pg_dependencies"

const unset = (major: number): string =>
  major < 15
    ? "UPDATE pg_statistic_ext_data SET stxddependencies = NULL WHERE stxoid = $1::text::oid"
    : "DELETE FROM pg_statistic_ext_data WHERE stxoid = $1::text::oid"

const makeStatistics = async (
  admin: Engine["admin"],
  { schema, table, columns }: Omit<ColumnDependency, "degree">,
  name: string,
) => {
  // It is there already where the source has such statistics.
  await admin.query("CREATE CAST (bytea AS pg_dependencies) WITHOUT FUNCTION").catch(() => undefined)
  const place = `${quoteName(schema)}.${quoteName(table)}`
  await admin.query(
    `CREATE STATISTICS ${quoteName(schema)}.${name} (dependencies) ON ${columns.map(quoteName).join(", ")} FROM ${place}`,
  )
  const [found] = v.parse(
    Place,
    await admin.query(
      `SELECT s.oid::text AS oid, s.stxkeys::int[] AS numbers FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
       WHERE n.nspname = $1 AND s.stxname = $2`,
      [schema, name],
    ),
  )
  return found
}
