import { UsageError } from "../../arguments/usage-error.ts"
import type { Host } from "../../command.ts"

/** The watched database's address: the option, DATABASE_URL, or what libpq's PG variables name. */
export const readDatabaseUrl = (option: string | undefined, { environment }: Pick<Host, "environment">): string => {
  const url = option ?? environment["DATABASE_URL"]?.trim()
  if (url !== undefined && url !== "") {
    if (/^postgres(ql)?:\/\/\S+$/.test(url)) return withEncryption(url, environment)
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
  return withEncryption(
    `postgres://${login}@${encodeURIComponent(host ?? "localhost")}:${port ?? "5432"}/${encodeURIComponent(database ?? name)}`,
    environment,
  )
}

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const

/** The address with what PGSSLMODE and PGSSLROOTCERT say of encryption, in libpq's meaning, where it does not say so itself. */
const withEncryption = (url: string, environment: Host["environment"]): string => {
  const mode = environment["PGSSLMODE"]
  const [address = "", query = ""] = url.split("?", 2)
  const parameters = new URLSearchParams(query)
  if (mode === undefined || mode === "" || parameters.has("sslmode") || parameters.has("ssl")) return url
  if (!modes.some((each) => each === mode)) throw new UsageError(`PGSSLMODE takes ${modes.join(", ")}.`)
  // The driver cannot fall back from one to the other: whoever prefers encryption gets it, or an error.
  parameters.set("sslmode", mode === "allow" ? "disable" : mode === "prefer" ? "require" : mode)
  parameters.set("uselibpqcompat", "true")
  const root = environment["PGSSLROOTCERT"]
  if (root !== undefined && mode.startsWith("verify")) parameters.set("sslrootcert", root)
  return `${address}?${parameters.toString().replaceAll("+", "%20")}`
}
