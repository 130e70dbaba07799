import { readFile, stat } from "node:fs/promises"
import { maxImages } from "../../contract/analyze.ts"
import { parseCommandLine } from "../arguments/parse-command-line.ts"
import { UsageError } from "../arguments/usage-error.ts"
import type { Command, CommandResult } from "../command.ts"
import { ask } from "../doctor/ask.ts"
import { readDoctorSettings } from "../doctor/doctor-settings.ts"
import { showForeign } from "../doctor/foreign-text.ts"
import { codeOf } from "../doctor/why-unreachable.ts"
import { readErrorBody } from "../doctor/gateway-replies.ts"
import { readPlan } from "./plan-reply.ts"
import { showPlan } from "./show-plan.ts"

const deadlineMs = 30_000
/** What the gateway takes of one picture; more need not be sent to be refused. */
const largestBytes = 20_000_000

const help = `Shows what a model would be sent of some pictures, and what that saves. Asks no model.

  voltgate images plan FILE... [--model MODEL] [--query-type TYPE] [--detail DETAIL] [--json]

  FILE               PNG, JPEG, WebP, GIF, AVIF or HEIC, up to ${maxImages}
  --model MODEL      provider/model, or a model's name (auto: the one that would be asked now)
  --query-type TYPE  ocr, describe, …: small text needs more pixels than a scene (general)
  --detail DETAIL    auto, low, high, original: how much the model should see (auto)
  --url URL          the gateway (VOLTGATE_URL, or http://127.0.0.1:8787)
  --key KEY          an API key of the gateway (VOLTGATE_KEY)
  --json             prints the gateway's plan as it is
  --help             this text

Sizes and tokens are exact, by the model's published rule; bytes are estimated, since nothing is decoded.

Exit codes: 0 done, 1 a picture was refused or the gateway is out of reach, 2 wrong usage.`

/** `voltgate images plan`: the gateway itself plans, so what is shown is what would be done. */
export const planCommand: Command = async (args, host) => {
  const firstOption = args.findIndex((arg) => arg.startsWith("-"))
  const files = firstOption < 0 ? args : args.slice(0, firstOption)
  const line = parseCommandLine(firstOption < 0 ? [] : args.slice(firstOption), {
    command: "voltgate images plan",
    texts: ["model", "query-type", "detail", "url", "key"],
    flags: ["json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  if (files.length === 0) throw new UsageError("Name a picture first: voltgate images plan FILE --model MODEL.")
  if (files.length > maxImages)
    throw new UsageError(`A request takes at most ${maxImages} pictures, not ${files.length}.`)
  const [url, key] = [line.text("url"), line.text("key")]
  const settings = readDoctorSettings(
    { ...(url === undefined ? {} : { url }), ...(key === undefined ? {} : { key }) },
    host.environment,
  )
  const images = await Promise.all(files.map(readPicture))
  const reply = await ask(
    `${settings.gatewayUrl}/v1/optimize`,
    {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "cache-control": "no-store",
        ...(settings.key === undefined ? {} : { authorization: `Bearer ${settings.key}` }),
      },
      body: JSON.stringify({
        query: "What is to be seen?",
        images,
        model: line.text("model") ?? "auto",
        ...(line.text("query-type") === undefined ? {} : { queryType: line.text("query-type") }),
        ...(line.text("detail") === undefined ? {} : { detail: line.text("detail") }),
      }),
    },
    { fetch: host.fetch, deadlineMs },
  )
  if (reply.kind === "silent") return failed(`${settings.gatewayUrl} cannot be asked: ${reply.reason}.`)
  const plan = readPlan(reply.body)
  if (reply.status === 200 && plan !== undefined) {
    return { text: line.has("json") ? JSON.stringify(reply.body, undefined, 2) : showPlan(files, plan), exitCode: 0 }
  }
  const said = readErrorBody(reply.body)
  const secrets = settings.key === undefined ? [] : [settings.key]
  return failed(
    said === undefined
      ? `${settings.gatewayUrl} answers ${reply.status}, and not as a Voltgate gateway does. Is the address right?`
      : showForeign(said, secrets),
  )
}

const failed = (text: string): CommandResult => ({ text, exitCode: 1 })

const readPicture = async (file: string): Promise<string> => {
  try {
    const { size } = await stat(file)
    if (size > largestBytes) throw new UsageError(`${file} has more than 20 MB, which no gateway takes.`)
    return (await readFile(file)).toString("base64")
  } catch (error) {
    if (error instanceof UsageError) throw error
    const why =
      codeOf(error) === "ENOENT" ? "there is no such file" : `it cannot be read (${codeOf(error) ?? "unknown"})`
    throw new UsageError(`${file}: ${why}. Pictures come first: voltgate images plan FILE --model MODEL.`)
  }
}
