import { readFile } from "node:fs/promises"
import * as v from "valibot"
import { UsageError } from "../../arguments/usage-error.ts"
import type { ProposedChange } from "../change.ts"
import { changeSchema } from "./journal-entry.ts"

const advice = v.union([v.array(changeSchema), v.object({ changes: v.array(changeSchema) })])

/** The changes of a file that `voltgate db advise --json` wrote. Throws a UsageError for any other file. */
export const readAdvice = async (file: string): Promise<readonly ProposedChange[]> => {
  let text: string
  try {
    text = await readFile(file, "utf8")
  } catch {
    throw new UsageError("--from names a file that can't be read.")
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), advice), text)
  if (!parsed.success) throw new UsageError("--from takes a file that `voltgate db advise --json` wrote.")
  return Array.isArray(parsed.output) ? parsed.output : parsed.output.changes
}
