import { UsageError } from "../../arguments/usage-error.ts"
import { readTextFile } from "../read-text-file.ts"
import { parsePolicies } from "./parse-policies.ts"
import type { PolicyProblem } from "./parse-policies.ts"
import type { Policy } from "./policy.ts"

/** The policies of a file. Throws a UsageError that names every problem in it. */
export const readPolicies = async (file: string): Promise<readonly Policy[]> => {
  const { policies, problems } = parsePolicies(await readTextFile(file))
  if (problems !== undefined) throw new UsageError(showProblems(file, problems).join("\n"))
  return policies
}

/** As compilers write it, so that an editor jumps to the place: `policies.yaml:4:22 …`. */
export const showProblems = (file: string, problems: readonly PolicyProblem[]): readonly string[] =>
  problems.map(({ line, column, message }) => `${file}:${line}:${column} ${message}`)
