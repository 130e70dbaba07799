import { UsageError } from "../../arguments/usage-error.ts"
import type { Host } from "../../command.ts"

/** The watched database's address: the option, DATABASE_URL, or undefined where libpq's PG variables name it. */
export const readDatabaseUrl = (option: string | undefined, { environment }: Pick<Host, "environment">): string => {
  const url = option ?? environment["DATABASE_URL"]?.trim()
  if (url !== undefined && url !== "") {
    if (/^postgres(ql)?:\/\/\S+$/.test(url)) return url
    throw new UsageError(
      `${option === undefined ? "DATABASE_URL" : "--url"} takes an address such as postgres://user:password@host:5432/database.`,
    )
  }
  const { PGHOST: host, PGPORT: port, PGUSER: user, PGDATABASE: database, PGPASSWORD: password } = environment
  if (host === undefined && database === undefined) {
    throw new UsageError("Name the database: --url, DATABASE_URL, or PGHOST and the other PG variables.")
  }
  const name = user ?? environment["USER"] ?? "postgres"
  const login = [name, ...(password === undefined ? [] : [password])].map(encodeURIComponent).join(":")
  return `postgres://${login}@${encodeURIComponent(host ?? "localhost")}:${port ?? "5432"}/${encodeURIComponent(database ?? name)}`
}
