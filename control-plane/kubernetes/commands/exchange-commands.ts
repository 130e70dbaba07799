import { readTextFile } from "../read-text-file.ts"
import { stringify } from "yaml"
import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Command } from "../../command.ts"
import { exportHpa } from "../exchange/export-hpa.ts"
import { importPolicies } from "../exchange/import-policies.ts"
import { parsePolicies } from "../policies/parse-policies.ts"
import { leadingWords } from "../../arguments/leading-words.ts"
import { readPolicies } from "../policies/read-policies.ts"
import { showProblems } from "../policies/read-policies.ts"

const importHelp = `Makes policies of what scales your deployments now, and says what could not be carried over.

  voltgate scale import FILE [--json]

  FILE       HorizontalPodAutoscalers or ScaledObjects, in YAML or JSON (\`kubectl get hpa -o yaml\`), or policies in the
             shape that Voltgate's were first written in, a TypeScript array; it is read, not run
  --json     prints policies and notes as JSON
  --help     this text

The policies go to standard output, the notes to standard error. They begin with \`write: observe\`.
Exit codes: 0 done, 1 there is nothing to import, 2 wrong usage.`

/** `voltgate scale import` */
export const importCommand: Command = async (args, host) => {
  const { words, options } = leadingWords(args)
  const line = parseCommandLine(options, { command: "voltgate scale import", texts: [], flags: ["json", "help"] })
  if (line.has("help")) return { text: importHelp, exitCode: 0 }
  const [file] = words
  if (file === undefined || words.length > 1) throw new UsageError("Name one file: voltgate scale import FILE.")
  const text = await readTextFile(file)
  const imported = importPolicies(text)
  if (imported.length === 0) {
    return {
      text: `${file} holds no HorizontalPodAutoscaler, no ScaledObject, and no policies of the first shape.`,
      exitCode: 1,
    }
  }
  const content = { policies: imported.map(({ policy }) => policy) }
  const yaml = stringify(content)
  const { problems = [] } = parsePolicies(yaml)
  const notes = [
    ...imported.flatMap(({ policy, notes: said }) => said.map((note) => `${String(policy["name"])}: ${note}`)),
    ...showProblems("the result", problems).map((problem) => `to mend: ${problem}`),
  ]
  if (line.has("json")) return { text: JSON.stringify({ ...content, notes }, undefined, 2), exitCode: 0 }
  for (const note of notes) host.progress(note)
  return { text: yaml.trimEnd(), exitCode: 0 }
}

const exportHelp = `Makes HorizontalPodAutoscalers of policies, for going back.

  voltgate scale export hpa [--policies FILE] [--json]

  --policies FILE    the policies (VOLTGATE_POLICIES, or policies.yaml)
  --json             prints objects and notes as JSON
  --help             this text

The objects go to standard output, what they leave out to standard error.
Exit codes: 0 done, 1 no policy could be carried over, 2 wrong usage.`

/** `voltgate scale export` */
export const exportCommand: Command = async (args, host) => {
  const { words, options } = leadingWords(args)
  const line = parseCommandLine(options, {
    command: "voltgate scale export",
    texts: ["policies"],
    flags: ["json", "help"],
  })
  if (line.has("help")) return { text: exportHelp, exitCode: 0 }
  if (words.length !== 1 || words[0] !== "hpa") throw new UsageError("Say into what: voltgate scale export hpa.")
  const policies = await readPolicies(line.text("policies") ?? host.environment["VOLTGATE_POLICIES"] ?? "policies.yaml")
  const exported = policies.map(exportHpa)
  const notes = exported.flatMap((each) => each.notes)
  const objects = exported.flatMap(({ hpa }) => (hpa === undefined ? [] : [hpa]))
  const exitCode = objects.length === 0 ? 1 : 0
  if (line.has("json")) return { text: JSON.stringify({ objects, notes }, undefined, 2), exitCode }
  for (const note of notes) host.progress(note)
  return { text: objects.map((object) => stringify(object).trimEnd()).join("\n---\n"), exitCode }
}
