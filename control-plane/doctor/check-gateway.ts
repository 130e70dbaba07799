import { ask } from "./ask.ts"
import type { Answered, Asking, Reply } from "./ask.ts"
import { failed, ok, skipped } from "./check.ts"
import type { Check } from "./check.ts"
import { checkProviders } from "./check-providers.ts"
import type { DoctorSettings } from "./doctor-settings.ts"
import { showForeign } from "./foreign-text.ts"
import { readErrorBody, readHealth, readReadiness } from "./gateway-replies.ts"

type Gateway = Pick<DoctorSettings, "gatewayUrl" | "key">

/** Whether the gateway is there, is set up, takes the key, and whom it can ask. Its three answers are fetched at once. */
export const checkGateway = async (gateway: Gateway, asking: Asking): Promise<readonly Check[]> => {
  const { gatewayUrl, key } = gateway
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
  const [health, readiness, providers] = await Promise.all([
    ask(`${gatewayUrl}/healthz`, {}, asking),
    ask(`${gatewayUrl}/readyz`, {}, asking),
    ask(`${gatewayUrl}/v1/providers`, { headers }, asking),
  ])
  const allSilent = [health, readiness, providers].every((reply) => reply.kind === "silent")
  return [
    describeHealth(health, gateway),
    ...(allSilent
      ? ["Settings", "Key", "Providers"].map((name) => skipped(name, "Not known while the gateway is out of reach."))
      : [describeReadiness(readiness, gateway), ...describeProviders(providers, gateway)]),
  ]
}

const describeHealth = (reply: Reply, gateway: Gateway): Check => {
  const { gatewayUrl } = gateway
  if (reply.kind === "silent") {
    return failed(
      "Gateway",
      `The gateway at ${gatewayUrl} is out of reach: ${reply.reason}.`,
      "Start it with `npm start`, or give its address with --url or VOLTGATE_URL.",
    )
  }
  if (reply.status === 200 && readHealth(reply.body)) return ok("Gateway", `It answers at ${gatewayUrl}.`)
  return unexpected("Gateway", "/healthz", reply, gateway)
}

const describeReadiness = (reply: Reply, gateway: Gateway): Check => {
  if (reply.kind === "silent") return noAnswer("Settings", "/readyz", reply.reason)
  const readiness = readReadiness(reply.body)
  if (readiness === undefined) return unexpected("Settings", "/readyz", reply, gateway)
  if (reply.status === 200) return ok("Settings", "They are complete.")
  const { providers, access } = readiness
  if (!providers) {
    return failed(
      "Settings",
      `No provider is set${access ? "" : ", and no API key"}.`,
      "Give OPENAI_API_KEY, ANTHROPIC_API_KEY, GOOGLE_API_KEY or VOLTGATE_COMPATIBLE: `npx wrangler secret put NAME`.",
    )
  }
  if (!access) {
    return failed(
      "Settings",
      "No API key is set, so the gateway serves nobody.",
      "Make one with `npx voltgate key --tenant NAME` and store its entry as it says.",
    )
  }
  return unexpected("Settings", "/readyz", reply, gateway)
}

const describeProviders = (reply: Reply, gateway: Gateway): readonly Check[] => {
  if (reply.kind === "silent") return [noAnswer("Key", "/v1/providers", reply.reason), notAsked]
  switch (reply.status) {
    case 200:
      return [
        ok("Key", gateway.key === undefined ? "None was given, and none is asked for." : "It is accepted."),
        ...checkProviders(reply.body, secretsOf(gateway)),
      ]
    case 401:
      return [describeRefusal(gateway), notAsked]
    default:
      return [unexpected("Key", "/v1/providers", reply, gateway), notAsked]
  }
}

const describeRefusal = ({ key }: Gateway): Check =>
  key === undefined
    ? failed("Key", "The gateway asks for a key, and none was given.", "Set VOLTGATE_KEY, or give --key.")
    : failed(
        "Key",
        "The gateway does not know this key.",
        "Check it against its owner's copy, or make a new one with `npx voltgate key --tenant NAME`.",
      )

const notAsked: Check = skipped("Providers", "Not known without an accepted key.")

const noAnswer = (name: string, path: string, reason: string): Check =>
  failed(name, `${path} gave no answer: ${reason}.`, "See the gateway's log (`npx wrangler tail`).")

const unexpected = (name: string, path: string, reply: Answered, gateway: Gateway): Check => {
  const { status, location } = reply
  if (location !== undefined) {
    const target = showForeign(location.replace(/\?.*$/s, ""), secretsOf(gateway))
    return failed(name, `${path} redirects to ${target}.`, "Give the final address with --url or VOLTGATE_URL.")
  }
  const message = readErrorBody(reply.body)
  if (message !== undefined) {
    return failed(
      name,
      `${path} answers with ${status}: ${showForeign(message, secretsOf(gateway))}`,
      "Do as it says, then ask again.",
    )
  }
  return failed(
    name,
    `${path} answers with ${status}, and not as Voltgate does.`,
    "Check the address given with --url or VOLTGATE_URL: something else may listen there.",
  )
}

const secretsOf = ({ key }: Gateway): readonly string[] => (key === undefined ? [] : [key])
