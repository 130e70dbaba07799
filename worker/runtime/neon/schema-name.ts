export const defaultSchema = "electrical_analysis"

/** A Postgres schema's name that needs no escaping. Throws a RangeError for any other text. */
export const readSchemaName = (name: string): string => {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name) && !name.startsWith("pg_")) return name
  throw new RangeError(
    `"${name}" is no name for a schema here: small letters, digits and _, at most 63, not beginning with a digit or pg_.`,
  )
}
