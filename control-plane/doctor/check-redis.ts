import * as v from "valibot"
import { ask } from "./ask.ts"
import type { Asking, Reply } from "./ask.ts"
import { failed, ok, skipped, warning } from "./check.ts"
import type { Check } from "./check.ts"
import { isToken, readBaseUrl } from "./doctor-settings.ts"
import type { DoctorSettings } from "./doctor-settings.ts"
import { showForeign } from "./foreign-text.ts"

const mebibyte = 1024 * 1024
const memoryLimitBytes = 256 * mebibyte
const evictionPolicy = "allkeys-lru"

/** Whether Redis answers through Upstash's REST interface, and is held to the size and the way of a cache. */
export const checkRedis = async (settings: DoctorSettings["redis"], asking: Asking): Promise<readonly Check[]> => {
  if (settings === undefined) {
    return [skipped("Redis", "UPSTASH_REDIS_REST_URL is not set here, so Redis was not looked at.")]
  }
  const url = settings.url === undefined ? undefined : readBaseUrl(settings.url)
  const { token } = settings
  if (url === undefined || token === undefined || !isToken(token)) {
    return [
      failed(
        "Redis",
        "UPSTASH_REDIS_REST_URL (an http or https address) and UPSTASH_REDIS_REST_TOKEN are not both there and whole.",
        "Copy both from the database's page at Upstash.",
      ),
    ]
  }
  const run = (...command: readonly string[]): Promise<Reply> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" }
    return ask(url, { method: "POST", headers, body: JSON.stringify(command) }, asking)
  }
  const [ping, limit, policy] = await Promise.all([
    run("PING"),
    run("CONFIG", "GET", "maxmemory"),
    run("CONFIG", "GET", "maxmemory-policy"),
  ])
  const reached = describePing(ping, token)
  if (reached.state !== "ok") return [reached]
  return [
    reached,
    describeLimit(readSetting("maxmemory", limit)),
    describePolicy(readSetting("maxmemory-policy", policy)),
  ]
}

const Outcome = v.object({ result: v.optional(v.unknown()), error: v.optional(v.string()) })

const describePing = (reply: Reply, token: string): Check => {
  if (reply.kind === "silent") {
    return failed("Redis", `Redis is out of reach: ${reply.reason}.`, "Check UPSTASH_REDIS_REST_URL.")
  }
  if (reply.status === 401 || reply.status === 403) {
    return failed("Redis", "Redis does not accept the token.", "Copy UPSTASH_REDIS_REST_TOKEN from Upstash again.")
  }
  const outcome = v.safeParse(Outcome, reply.body)
  if (outcome.success && outcome.output.result === "PONG") return ok("Redis", "It answers PING.")
  const said = outcome.success && outcome.output.error !== undefined ? showForeign(outcome.output.error, [token]) : ""
  return failed(
    "Redis",
    `PING is answered with ${reply.status}${said === "" ? ", and not as Upstash does" : `: ${said}`}.`,
    "Check that UPSTASH_REDIS_REST_URL is the REST address of the database.",
  )
}

/** A server's setting, from the answer `[name, value]` to CONFIG GET; `undefined` where the server does not tell. */
const readSetting = (name: string, reply: Reply): string | undefined => {
  if (reply.kind === "silent") return undefined
  const outcome = v.safeParse(v.object({ result: v.tuple([v.literal(name), v.string()]) }), reply.body)
  return outcome.success ? outcome.output.result[1] : undefined
}

const describeLimit = (text: string | undefined): Check => {
  const name = "Redis memory"
  if (text === undefined || !/^\d+$/.test(text)) {
    return skipped(name, "The server does not tell its limit (Upstash does not): there the plan sets it.")
  }
  const limitBytes = Number(text)
  if (limitBytes === memoryLimitBytes) return ok(name, "Its limit is 256 MB.")
  return warning(
    name,
    limitBytes === 0
      ? "It has no limit, so the cache grows until the machine is full."
      : `Its limit is ${(limitBytes / mebibyte).toFixed(0)} MB and not 256 MB.`,
    "CONFIG SET maxmemory 256mb, and the same in redis.conf.",
  )
}

const describePolicy = (policy: string | undefined): Check => {
  const name = "Redis eviction"
  if (policy === undefined) {
    return skipped(
      name,
      "The server does not tell its policy (Upstash does not).",
      "See that eviction is switched on at the database's page: a full database without it refuses new answers.",
    )
  }
  if (policy === evictionPolicy) return ok(name, `Its policy is ${evictionPolicy}.`)
  const meaning =
    policy === "noeviction" ? "a full cache refuses new answers" : "it does not put the least recently used out first"
  return warning(
    name,
    `Its policy is ${showForeign(policy, [])}: ${meaning}.`,
    `CONFIG SET maxmemory-policy ${evictionPolicy}, and the same in redis.conf.`,
  )
}
