import { actions, usualDirectiveS } from "../../contract/directives.ts"
import type { Action } from "../../contract/directives.ts"
import { parseCommandLine } from "../arguments/parse-command-line.ts"
import { UsageError } from "../arguments/usage-error.ts"
import type { Command, CommandResult, Host } from "../command.ts"
import { ask } from "../doctor/ask.ts"
import type { Question } from "../doctor/ask.ts"
import { readDoctorSettings } from "../doctor/doctor-settings.ts"
import { showForeign } from "../doctor/foreign-text.ts"
import { readErrorBody } from "../doctor/gateway-replies.ts"
import { readListing, readOrdered } from "./providers-replies.ts"
import { readDurationS } from "./read-duration.ts"
import { showProviders, showStanding } from "./show-providers.ts"

const deadlineMs = 10_000

const help = `Shows how the providers do, and tells the gateway what to do about one.

  voltgate providers [--query-type ocr] [--json]
  voltgate providers drain   TARGET [--for 10m] [--reason TEXT]   it is asked nothing more
  voltgate providers pin     TARGET [--for 10m] [--reason TEXT]   it is asked first, whatever its weight
  voltgate providers release TARGET                               ends both
  voltgate providers reset   TARGET                               its health and speed are forgotten; ratings stay

  TARGET             a provider (openai), or one of its models (openai/gpt-4o)
  --for TIME         90s, 10m, 2h, 1d; then it ends by itself (10m)
  --reason TEXT      shown to whoever looks
  --query-type TYPE  whose accuracy the table shows
  --url URL          the gateway (VOLTGATE_URL, or http://127.0.0.1:8787)
  --key KEY          an API key of the gateway (VOLTGATE_KEY); for orders, one made with \`voltgate key --admin\`
  --json             prints what the gateway says
  --help             this text

Every isolate of the gateway obeys within seconds. Orders are kept with who gave them, and when.

Exit codes: 0 done, 1 the gateway refused or is out of reach, 2 wrong usage.`

/** `voltgate providers` */
export const providersCommand: Command = async (args, host) => {
  const [word, target, ...rest] = args
  const action = actions.find((each) => each === word)
  if (action === undefined) {
    if (word !== undefined && !word.startsWith("-")) {
      throw new UsageError(`\`voltgate providers\` takes one of ${actions.join(", ")}; \`--help\` tells more.`)
    }
    return list(args, host)
  }
  if (target === "--help" || target === "-h") return { text: help, exitCode: 0 }
  if (target === undefined || target.startsWith("-")) {
    throw new UsageError(`Say which: voltgate providers ${action} openai, or ${action} openai/gpt-4o.`)
  }
  return give(action, target, rest, host)
}

const list = async (args: readonly string[], host: Host): Promise<CommandResult> => {
  const line = parseCommandLine(args, {
    command: "voltgate providers",
    texts: ["url", "key", "query-type"],
    flags: ["json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const queryType = line.text("query-type")
  const query = queryType === undefined ? "" : `?queryType=${encodeURIComponent(queryType)}`
  return exchange({ line, host, query }, {}, (body) => {
    const listing = readListing(body)
    return listing === undefined ? undefined : showProviders(listing)
  })
}

const give = async (action: Action, target: string, args: readonly string[], host: Host): Promise<CommandResult> => {
  const lasts = action === "drain" || action === "pin"
  const line = parseCommandLine(args, {
    command: `voltgate providers ${action}`,
    texts: ["url", "key", "reason", ...(lasts ? (["for"] as const) : [])],
    flags: ["json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const [duration, reason] = [lasts ? line.text("for") : undefined, line.text("reason")]
  const forS = duration === undefined ? usualDirectiveS : readDurationS("--for", duration)
  const order = { action, target, ...(lasts ? { forS } : {}), ...(reason === undefined ? {} : { reason }) }
  const question = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(order),
  } as const
  return exchange({ line, host, query: "" }, question, (body) => {
    const standing = readOrdered(body)
    if (standing === undefined) return undefined
    const done = lasts ? `Done: ${action} ${target} for ${forS} s.` : `Done: ${action} ${target}.`
    const hold = standing.length === 0 ? ["No order holds now."] : ["Orders that hold:", ...standing.map(showStanding)]
    return [done, ...hold].join("\n")
  })
}

interface Called {
  readonly line: { readonly text: (name: "url" | "key") => string | undefined; readonly has: (name: "json") => boolean }
  readonly host: Host
  readonly query: string
}

/** Asks the gateway, and shows its answer, or why there is none. */
const exchange = async (
  { line, host, query }: Called,
  question: Question,
  show: (body: unknown) => string | undefined,
): Promise<CommandResult> => {
  const [url, key] = [line.text("url"), line.text("key")]
  const settings = readDoctorSettings(
    { ...(url === undefined ? {} : { url }), ...(key === undefined ? {} : { key }) },
    host.environment,
  )
  const { gatewayUrl } = settings
  const authorization = settings.key === undefined ? {} : { authorization: `Bearer ${settings.key}` }
  const reply = await ask(
    `${gatewayUrl}/v1/providers${query}`,
    { ...question, headers: { ...question.headers, ...authorization } },
    { fetch: host.fetch, deadlineMs },
  )
  const secrets = settings.key === undefined ? [] : [settings.key]
  const failed = (text: string): CommandResult => ({ text: showForeign(text, secrets), exitCode: 1 })
  if (reply.kind === "silent") return failed(`The gateway at ${gatewayUrl} is out of reach: ${reply.reason}.`)
  const shown = reply.status === 200 ? show(reply.body) : undefined
  if (shown === undefined) {
    const said = readErrorBody(reply.body)
    return failed(
      said === undefined
        ? `What answers at ${gatewayUrl} is no gateway of this version (status ${reply.status}).`
        : `The gateway refused (${reply.status}): ${said}`,
    )
  }
  const text = line.has("json") ? JSON.stringify(reply.body, undefined, 2) : shown
  return {
    text: text
      .split("\n")
      .map((each) => safeLine(each, secrets))
      .join("\n"),
    exitCode: 0,
  }
}

/** As `showForeign`, but columns stay aligned. */
const safeLine = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, "•••"), text).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
