import { Client, DatabaseError } from "pg"
import { failed, ok, skipped } from "./check.ts"
import type { Check } from "./check.ts"
import { showForeign } from "./foreign-text.ts"
import { checkStatements, readFacts } from "./postgres-facts.ts"
import type { PostgresFacts } from "./postgres-facts.ts"
import { codeOf, whyUnreachable } from "./why-unreachable.ts"

const oldestMajor = 14
const farewellMs = 500

/** Whether Postgres takes the connection, is new enough, has the history's table, and counts its statements. Reads only. */
export const checkPostgres = async (
  databaseUrl: string | undefined,
  { deadlineMs }: { readonly deadlineMs: number },
): Promise<readonly Check[]> => {
  if (databaseUrl === undefined) {
    return [skipped("Postgres", "DATABASE_URL is not set here, so Postgres was not looked at.")]
  }
  const client = createClient(databaseUrl, deadlineMs)
  if (client === undefined) {
    return [
      failed(
        "Postgres",
        "DATABASE_URL is not the address of a Postgres.",
        "Write postgres://user:password@host:5432/database, with special characters in the password percent-encoded.",
      ),
    ]
  }
  // What breaks shows in the query that it hits; without a listener a cut connection would end the process.
  client.on("error", () => undefined)
  try {
    return await withDeadline(() => examine(client), deadlineMs)
  } catch (error) {
    return [describeFailure(error, [databaseUrl, client.password ?? ""], deadlineMs)]
  } finally {
    // A server that does not hear may not hear the farewell either.
    await withDeadline(() => client.end(), farewellMs).catch(() => undefined)
  }
}

const createClient = (connectionString: string, deadlineMs: number): Client | undefined => {
  if (!/^postgres(ql)?:\/\//.test(connectionString)) return undefined
  try {
    return new Client({
      connectionString,
      connectionTimeoutMillis: deadlineMs,
      query_timeout: deadlineMs,
      application_name: "voltgate doctor",
    })
  } catch {
    return undefined
  }
}

const examine = async (client: Client): Promise<readonly Check[]> => {
  await client.connect()
  const facts = await readFacts(client)
  return [
    ok("Postgres", "It accepts the connection."),
    describeVersion(facts),
    describeTable(facts),
    await checkStatements(client, facts),
  ]
}

const describeVersion = ({ versionNumber }: PostgresFacts): Check => {
  const [major, minor] = [Math.floor(versionNumber / 10_000), versionNumber % 10_000]
  return major >= oldestMajor
    ? ok("Postgres version", `It is Postgres ${major}.${minor}.`)
    : failed(
        "Postgres version",
        `It is Postgres ${major}; Voltgate needs ${oldestMajor} or newer.`,
        "Upgrade the server, or name another in DATABASE_URL.",
      )
}

const describeTable = ({ tableExists, mayInsert }: PostgresFacts): Check => {
  const name = "History table"
  if (!tableExists) {
    return failed(
      name,
      "There is no table electrical_analysis.analyses, so no history is kept.",
      "Run the migrations in worker/runtime/neon/migrations, in order.",
    )
  }
  if (!mayInsert) {
    return failed(
      name,
      "This user may not write into electrical_analysis.analyses.",
      "As its owner: GRANT USAGE ON SCHEMA electrical_analysis TO …; GRANT INSERT ON electrical_analysis.analyses TO …;",
    )
  }
  return ok(name, "electrical_analysis.analyses is there and may be written.")
}

const describeFailure = (error: unknown, secrets: readonly string[], deadlineMs: number): Check => {
  const cure = "Check host, port, user, password and database in DATABASE_URL."
  switch (codeOf(error) ?? "") {
    case "28P01":
    case "28000":
      return failed("Postgres", "Postgres does not accept the user or the password.", cure)
    case "3D000":
      return failed("Postgres", "There is no database of that name.", cure)
    case "53300":
      return failed("Postgres", "Postgres has no connection left.", "End idle clients, or raise max_connections.")
    default: {
      const isFromServer = error instanceof DatabaseError
      const why = isFromServer ? undefined : whyUnreachable(error, deadlineMs)
      const said = error instanceof Error ? showForeign(error.message, secrets) : "the reason is unknown"
      return failed(
        "Postgres",
        isFromServer ? `Postgres answers with an error: ${said}.` : `Postgres is out of reach: ${why ?? said}.`,
        cure,
      )
    }
  }
}

/** Its timer is set before the driver sets its own, so that a deadline is told as one and not as the driver words it. */
const withDeadline = async <T>(work: () => Promise<T>, deadlineMs: number): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new DOMException("The deadline has passed.", "TimeoutError")), deadlineMs)
  try {
    return await Promise.race([work(), promise])
  } finally {
    clearTimeout(timer)
  }
}
