import { parseCommandLine } from "../arguments/parse-command-line.ts"
import type { Command } from "../command.ts"
import { diagnose } from "./diagnose.ts"
import { readDoctorSettings } from "./doctor-settings.ts"
import { showChecks } from "./show-checks.ts"

const deadlineMs = 5_000

const help = `Looks at a gateway and what it stands on, and says what to do. Changes nothing.

  voltgate doctor [--url http://127.0.0.1:8787] [--key KEY] [--json]

  --url URL    the gateway (VOLTGATE_URL, or http://127.0.0.1:8787)
  --key KEY    an API key of the gateway (VOLTGATE_KEY, which other users of this machine cannot see)
  --json       prints { "checks": [{ "name", "state", "message", "cure" }], "ok" }; state is ok, warning, failed or skipped
  --help       this text

It looks at the gateway, its settings, its key and its providers; at Redis where UPSTASH_REDIS_REST_URL and
UPSTASH_REDIS_REST_TOKEN are set; and at Postgres where DATABASE_URL is. Each look takes at most ${deadlineMs / 1000} s.

Exit codes: 0 no failure (there may be warnings), 1 a failure, 2 wrong usage.`

/** `voltgate doctor` */
export const doctorCommand: Command = async (args, host) => {
  const line = parseCommandLine(args, {
    command: "voltgate doctor",
    texts: ["url", "key"],
    flags: ["json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const [url, key] = [line.text("url"), line.text("key")]
  const settings = readDoctorSettings(
    { ...(url === undefined ? {} : { url }), ...(key === undefined ? {} : { key }) },
    host.environment,
  )
  const diagnosis = await diagnose(settings, { fetch: host.fetch, nodeVersion: host.nodeVersion, deadlineMs })
  return {
    text: line.has("json") ? JSON.stringify(diagnosis, undefined, 2) : showChecks(diagnosis, host),
    exitCode: diagnosis.ok ? 0 : 1,
  }
}
