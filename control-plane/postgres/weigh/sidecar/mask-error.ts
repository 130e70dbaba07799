/** Errors that name what does not exist, or exists twice: tables, columns, functions, operators, types; no values. */
const namesOnly = new Set(["42703", "42P01", "42704", "42883", "42P07", "42710", "3F000"])

/** The server's error without the values that its message quotes: they may be a user's. Its `code` is kept. */
export const maskError = (error: unknown): Error => {
  const message = error instanceof Error ? error.message : String(error)
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined
  const isSafe = typeof code === "string" && namesOnly.has(code)
  const masked = new Error(isSafe ? message : message.replaceAll(/"[^"]*"|'[^']*'/g, "'…'"))
  return Object.assign(masked, typeof code === "string" ? { code } : {})
}
