import { parseCommandLine } from "../arguments/parse-command-line.ts"
import { UsageError } from "../arguments/usage-error.ts"
import type { Command } from "../command.ts"
import { createKey } from "./create-key.ts"
import type { NewKey } from "./create-key.ts"

const help = `Makes an API key for one tenant.

  voltgate key --tenant NAME [--providers a,b] [--query-types x,y] [--admin] [--json]

  --tenant NAME        whose key it is: 1 to 64 letters, digits, _, dots, dashes
  --providers a,b      the only providers that it may ask (all)
  --query-types x,y    the only query types that it may use (all)
  --admin              lets it tell the gateway what to do: \`voltgate providers drain …\`
  --json               prints { "key": …, "entry": … }
  --help               this text

The key is shown once and kept nowhere. The gateway stores its SHA-256 alone: add the printed entry to the JSON array in
the secret VOLTGATE_KEYS.

Exit codes: 0 done, 2 wrong usage.`

const simpleName = /^[\w.-]{1,64}$/

/** `voltgate key` */
export const keyCommand: Command = async (args, { randomBytes }) => {
  const line = parseCommandLine(args, {
    command: "voltgate key",
    texts: ["tenant", "providers", "query-types"],
    flags: ["admin", "json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const tenant = line.text("tenant")
  if (tenant === undefined) throw new UsageError("Say whose key it is: voltgate key --tenant NAME.")
  if (!simpleName.test(tenant)) throw new UsageError("--tenant takes 1 to 64 letters, digits, _, dots and dashes.")
  const providers = readNames("--providers", line.text("providers"))
  const queryTypes = readNames("--query-types", line.text("query-types"))
  const made = createKey(
    {
      tenant,
      ...(providers === undefined ? {} : { providers }),
      ...(queryTypes === undefined ? {} : { queryTypes }),
      ...(line.has("admin") ? { admin: true } : {}),
    },
    randomBytes,
  )
  return { text: line.has("json") ? JSON.stringify(made) : describe(made), exitCode: 0 }
}

const readNames = (option: string, list: string | undefined): readonly string[] | undefined => {
  if (list === undefined) return undefined
  const names = list.split(",").map((name) => name.trim())
  // An empty list would be a key that may do nothing, and a stray comma is more likely a lost name than a wish.
  if (names.every((name) => simpleName.test(name))) return [...new Set(names)]
  throw new UsageError(`${option} takes names with commas between them, each of letters, digits, _, dots and dashes.`)
}

const describe = ({ key, entry }: NewKey): string => `The key of ${entry.tenant}, shown this once:

  ${key}

Its entry, which holds the key's SHA-256 and not the key:

  ${JSON.stringify(entry)}

Store it: the secret VOLTGATE_KEYS is a JSON array of such entries, so a first one goes in as [entry], and a further one
is added to those that are there. This asks for the array:

  npx wrangler secret put VOLTGATE_KEYS`
