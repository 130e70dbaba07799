import { leadingWords } from "../../arguments/leading-words.ts"
import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Command, CommandResult, Host } from "../../command.ts"
import { readTextFile } from "../read-text-file.ts"
import { describePolicy } from "./describe-policy.ts"
import { jsonSchema } from "./json-schema.ts"
import { parsePolicies } from "./parse-policies.ts"
import type { Policy } from "./policy.ts"
import { PolicyFile } from "./policy-schema.ts"
import { showProblems } from "./read-policies.ts"

/** Looks at the cluster and the sources that the policies name; what it finds is printed beneath. */
export type LiveChecks = (policies: readonly Policy[], host: Host) => Promise<CommandResult>

const help = (isLive: boolean): string => `Checks a file of policies, and says what each one would do.

  voltgate scale validate FILE [--json]${isLive ? " [--live]" : ""}
  voltgate scale validate --schema
${isLive ? "\n  --live    also asks the cluster and the metrics: rights, reachability, who else scales the targets" : ""}
  --json    { ok, problems: [{ line, column, path, message }], policies: [names] }
  --schema  prints the JSON schema of such files, for editors
  --help    this text

Every problem is named at once, with its line and column.

Exit codes: 0 all is in order, 1 there are problems, 2 wrong usage.`

/** `voltgate scale validate`: what the file says; with `--live`, what the cluster says to it. */
export const validateCommand =
  (live?: LiveChecks): Command =>
  async (args, host) => {
    const { words, options } = leadingWords(args)
    const line = parseCommandLine(options, {
      command: "voltgate scale validate",
      texts: [],
      flags: ["json", "schema", "help", ...(live === undefined ? [] : ["live" as const])],
    })
    if (line.has("help")) return { text: help(live !== undefined), exitCode: 0 }
    if (line.has("schema")) return { text: JSON.stringify(jsonSchema(PolicyFile), undefined, 2), exitCode: 0 }
    const [file, ...others] = words
    if (file === undefined || others.length > 0) {
      throw new UsageError("Name one file of policies: voltgate scale validate policies.yaml.")
    }
    const { policies, problems } = parsePolicies(await readTextFile(file))
    if (problems !== undefined) {
      const told = line.has("json")
        ? JSON.stringify({ ok: false, problems, policies: [] }, undefined, 2)
        : [...showProblems(file, problems), "", counted(problems.length, "problem")].join("\n")
      return { text: told, exitCode: 1 }
    }
    if (live !== undefined && line.has("live")) return live(policies, host)
    const told = line.has("json")
      ? JSON.stringify({ ok: true, problems: [], policies: policies.map(({ name }) => name) }, undefined, 2)
      : [...policies.map(describePolicy), "", `${counted(policies.length, "policy", "policies")}, no problem.`].join(
          "\n",
        )
    return { text: told, exitCode: 0 }
  }

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
