import { UsageError } from "../arguments/usage-error.ts"
import type { Channel, ChannelPorts } from "./channel.ts"
import { createSignedWebhook } from "./signed-webhook.ts"
import { createSlackChannel } from "./slack.ts"

const leastSecretBytes = 16

/** The ways to people that the environment names. Throws a UsageError for one that cannot be used; nothing of it is repeated. */
export const readChannels = (
  environment: Readonly<Record<string, string | undefined>>,
  ports: ChannelPorts & { readonly now: () => number },
): readonly Channel[] => {
  const slack = readUrl(environment, "VOLTGATE_SLACK_WEBHOOK_URL")
  const webhook = readUrl(environment, "VOLTGATE_WEBHOOK_URL")
  return [
    ...(slack === undefined ? [] : [createSlackChannel(slack, ports)]),
    ...(webhook === undefined ? [] : [createSignedWebhook(webhook, readSecret(environment), ports)]),
  ]
}

const readUrl = (environment: Readonly<Record<string, string | undefined>>, name: string): string | undefined => {
  const text = environment[name]?.trim() ?? ""
  if (text === "") return undefined
  const url = URL.parse(text)
  const isLocal = url !== null && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname)
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLocal)) return text
  throw new UsageError(`${name} must be an https address (http only on this machine).`)
}

/** As Standard Webhooks writes it, `whsec_` and base64; or any text. */
const readSecret = (environment: Readonly<Record<string, string | undefined>>): Uint8Array => {
  const text = environment["VOLTGATE_WEBHOOK_SECRET"]?.trim() ?? ""
  const bytes = text.startsWith("whsec_") ? Buffer.from(text.slice(6), "base64") : Buffer.from(text, "utf8")
  if (bytes.length >= leastSecretBytes) return bytes
  throw new UsageError(
    `VOLTGATE_WEBHOOK_URL needs VOLTGATE_WEBHOOK_SECRET, of ${leastSecretBytes} bytes or more: \`whsec_\` and base64, or a text.`,
  )
}
