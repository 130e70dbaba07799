import { showForeign } from "../../doctor/foreign-text.ts"
import { codeOf, sqlStates } from "./session.ts"

const known: Readonly<Record<string, string>> = {
  [sqlStates.canceled]: "it was canceled",
  [sqlStates.deadlock]: "it ran into a deadlock with another statement",
  [sqlStates.lockNotAvailable]: "the table was in use",
  [sqlStates.diskFull]: "the server's disk is full",
  [sqlStates.insufficientPrivilege]: "this role may not do it: it must own the table (deploy/postgres says how)",
  [sqlStates.readOnly]: "the database became read-only",
  [sqlStates.undefinedTable]: "the table is not there anymore",
  [sqlStates.duplicateTable]: "another object took the name",
}

/**
 * What went wrong, without the server's own sentence: that may quote a row. What is no SQLSTATE is a connection that broke, and
 * is named by its code.
 */
export const sayError = (error: unknown): string => {
  const code = codeOf(error)
  if (code !== undefined) return known[code] ?? `the server refused it (SQLSTATE ${code})`
  const kind = error instanceof Error && "code" in error && typeof error.code === "string" ? ` (${error.code})` : ""
  return showForeign(`the connection broke${kind}`, [])
}

/** Whether trying again may help: somebody was in the way, or the connection broke. */
export const isPassing = (error: unknown): boolean => {
  const code = codeOf(error)
  if (code === undefined) return true
  return (
    code === sqlStates.deadlock ||
    code === sqlStates.lockNotAvailable ||
    code === sqlStates.canceled ||
    /^(57P0|08|53[023])/.test(code)
  )
}
