import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import * as v from "valibot"
import { purgeKinds } from "../../contract/purge.ts"
import type { PurgeTarget } from "../../contract/purge.ts"
import { parseCommandLine } from "../arguments/parse-command-line.ts"
import { UsageError } from "../arguments/usage-error.ts"
import type { Command, CommandResult } from "../command.ts"
import { ask } from "../doctor/ask.ts"
import type { Answered } from "../doctor/ask.ts"
import { readDoctorSettings } from "../doctor/doctor-settings.ts"
import type { DoctorSettings } from "../doctor/doctor-settings.ts"
import { showForeign } from "../doctor/foreign-text.ts"
import { readErrorBody } from "../doctor/gateway-replies.ts"

const deadlineMs = 10_000

const help = `Takes answers out of a gateway's cache: those of the key's own tenant, at once, however many they are.

  voltgate cache purge --tag a,b | --picture FILE | --query-type x | --model p/m | --prompt x@1 | --all
                       [--url http://127.0.0.1:8787] [--key KEY] [--json]

  --tag a,b            answers whose request named one of these tags
  --picture FILE       answers about this picture: its file, or the SHA-256 of it
  --query-type x,y     answers to questions of these types
  --model p/m          answers that this model gave, as provider/model
  --prompt x@1         answers to this version of a prompt
  --all                all of the tenant's answers
  --url URL            the gateway (VOLTGATE_URL, or http://127.0.0.1:8787)
  --key KEY            an API key of the gateway (VOLTGATE_KEY, which other users of this machine cannot see)
  --json               prints { "purged", "everywhereWithinS" }, or { "error" }
  --help               this text

Several options take out what any of them names.

Exit codes: 0 purged, 1 a failure, 2 wrong usage.`

const options = { tag: "tag", "query-type": "queryType", model: "model", prompt: "prompt" } as const

/** `voltgate cache purge` */
export const purgeCommand: Command = async (args, { environment, fetch }) => {
  const line = parseCommandLine(args, {
    command: "voltgate cache purge",
    texts: ["tag", "picture", "query-type", "model", "prompt", "url", "key"],
    flags: ["all", "json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const picture = line.text("picture")
  const targets: readonly PurgeTarget[] = [
    ...(["tag", "query-type", "model", "prompt"] as const).flatMap((option) =>
      namesIn(line.text(option)).map((value) => ({ kind: options[option], value })),
    ),
    ...(picture === undefined ? [] : [{ kind: "picture" as const, value: await sha256Of(picture) }]),
  ]
  if (line.has("all") === targets.length > 0) {
    throw new UsageError(
      "Say what to purge: --tag, --picture, --query-type, --model, --prompt; or --all, which stands alone.",
    )
  }
  const [url, key] = [line.text("url"), line.text("key")]
  const gateway = readDoctorSettings(
    { ...(url === undefined ? {} : { url }), ...(key === undefined ? {} : { key }) },
    environment,
  )
  return purge(gateway, line.has("all") ? "all" : targets, line.has("json"), fetch)
}

const namesIn = (list: string | undefined): readonly string[] =>
  (list ?? "").split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]))

/** What was given, where it is a hash; else the hash of the file of that name. */
const sha256Of = async (picture: string): Promise<string> => {
  if (/^[0-9a-f]{64}$/i.test(picture)) return picture.toLowerCase()
  try {
    return createHash("sha256")
      .update(await readFile(picture))
      .digest("hex")
  } catch {
    throw new UsageError("--picture takes a file that can be read, or the SHA-256 of one.")
  }
}

const Purged = v.object({
  purged: v.union([v.literal("all"), v.array(v.object({ kind: v.picklist(purgeKinds), value: v.string() }))]),
  everywhereWithinS: v.number(),
})

const purge = async (
  { gatewayUrl, key }: Pick<DoctorSettings, "gatewayUrl" | "key">,
  what: "all" | readonly PurgeTarget[],
  asJson: boolean,
  fetch: typeof globalThis.fetch,
): Promise<CommandResult> => {
  const query = new URLSearchParams(
    what === "all" ? [["all", "true"]] : what.map(({ kind, value }): [string, string] => [kind, value]),
  )
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
  const reply = await ask(
    `${gatewayUrl}/v1/cache?${query.toString()}`,
    { method: "DELETE", headers },
    { fetch, deadlineMs },
  )
  const failed = (message: string): CommandResult => ({
    text: asJson ? JSON.stringify({ error: message }) : message,
    exitCode: 1,
  })
  if (reply.kind === "silent") return failed(`The gateway at ${gatewayUrl} gave no answer: ${reply.reason}.`)
  const parsed = v.safeParse(Purged, reply.body)
  if (reply.status !== 200 || !parsed.success) return failed(explain(reply, gatewayUrl, key))
  if (asJson) return { text: JSON.stringify(parsed.output), exitCode: 0 }
  const { purged, everywhereWithinS } = parsed.output
  const named = purged === "all" ? "everything" : purged.map(({ kind, value }) => `${kind} ${value}`).join(", ")
  return { text: `Purged ${named}; everywhere within ${everywhereWithinS} s.`, exitCode: 0 }
}

const explain = ({ status, body }: Answered, gatewayUrl: string, key: string | undefined): string => {
  const message = readErrorBody(body)
  if (message === undefined)
    return `${gatewayUrl} answered with ${status}, and not as Voltgate does. Check the address.`
  return `Nothing was purged: ${showForeign(message, key === undefined ? [] : [key])}`
}
