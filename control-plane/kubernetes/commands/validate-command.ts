import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Command, CommandResult } from "../../command.ts"
import { showChecks } from "../../doctor/show-checks.ts"
import { checkCluster } from "../checks/check-cluster.ts"
import { describePolicy } from "../policies/describe-policy.ts"
import { jsonSchema } from "../policies/json-schema.ts"
import { parsePolicies } from "../policies/parse-policies.ts"
import { PolicyFile } from "../policies/policy-schema.ts"
import { guarded } from "./guarded.ts"
import { leadingWords } from "../../arguments/leading-words.ts"
import { readTextFile } from "../read-text-file.ts"
import { showProblems } from "../policies/read-policies.ts"
import { clusterHelp, clusterTexts, openCluster } from "./scale-options.ts"

const help = `Checks policies: first the file, then, with --live, the cluster that they are meant for.

  voltgate scale validate [FILE] [--live] [options]
  voltgate scale validate --schema

  --schema           prints the JSON schema of such files, for editors
  --live             also: rights, deployments, who else scales them, and whether each signal can be read now
${clusterHelp}
  --json             prints the problems, or the checks, as JSON
  --help             this text

Exit codes: 0 all is well (there may be warnings), 1 something is wrong, 2 wrong usage.`

/** `voltgate scale validate` */
export const validateCommand: Command = guarded(async (args, host) => {
  const { words, options } = leadingWords(args)
  const line = parseCommandLine(options, {
    command: "voltgate scale validate",
    texts: clusterTexts,
    flags: ["live", "schema", "json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  if (line.has("schema")) return { text: JSON.stringify(jsonSchema(PolicyFile), undefined, 2), exitCode: 0 }
  if (words.length > 1) throw new UsageError("Name one file: voltgate scale validate FILE.")
  const file = words[0] ?? line.text("policies") ?? host.environment["VOLTGATE_POLICIES"] ?? "policies.yaml"
  const { policies, problems } = parsePolicies(await readTextFile(file))
  if (problems !== undefined) {
    const told = line.has("json")
      ? JSON.stringify({ ok: false, problems, policies: [] }, undefined, 2)
      : [...showProblems(file, problems), "", counted(problems.length, "problem")].join("\n")
    return { text: told, exitCode: 1 }
  }
  if (!line.has("live")) {
    const told = line.has("json")
      ? JSON.stringify({ ok: true, problems: [], policies: policies.map(({ name }) => name) }, undefined, 2)
      : [...policies.map(describePolicy), "", `${counted(policies.length, "policy", "policies")}, no problem.`].join(
          "\n",
        )
    return { text: told, exitCode: 0 }
  }
  const withFile = { text: (name: (typeof clusterTexts)[number]) => (name === "policies" ? file : line.text(name)) }
  const checks = await checkCluster(await openCluster(withFile, host), Date.now)
  const ok = checks.every(({ state }) => state !== "failed")
  const result: CommandResult = {
    text: line.has("json") ? JSON.stringify({ ok, checks }, undefined, 2) : showChecks({ checks, ok }, host),
    exitCode: ok ? 0 : 1,
  }
  return result
})

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
