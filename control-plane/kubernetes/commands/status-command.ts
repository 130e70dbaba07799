import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import type { Command } from "../../command.ts"
import { KubeError } from "../client/kube-error.ts"
import { getScale } from "../client/scale.ts"
import type { Policy } from "../policies/policy.ts"
import type { ScaleState } from "../protocol/state.ts"
import { guarded } from "./guarded.ts"
import { clusterHelp, clusterTexts, openCluster } from "./scale-options.ts"
import { outcomeWord, table, values } from "./show-entries.ts"

const help = `Shows each policy: its deployment, how many replicas there are, and what was decided last.

  voltgate scale status [options]

${clusterHelp}
  --json             prints it as JSON
  --help             this text

Exit codes: 0 done, 1 the cluster is out of reach, 2 wrong usage.`

interface PolicyStatus {
  readonly policy: string
  readonly deployment: string
  readonly mode: Policy["mode"]["kind"]
  readonly write: Policy["write"]
  /** `null` where the deployment is not there. */
  readonly replicas: number | null
  readonly min: number
  readonly max: number
  readonly last?: { readonly at: string; readonly code: string; readonly outcome: string; readonly signals: string }
  /** A person's order that holds. */
  readonly order?: string
}

/** `voltgate scale status` */
export const statusCommand: Command = guarded(async (args, host) => {
  const line = parseCommandLine(args, {
    command: "voltgate scale status",
    texts: clusterTexts,
    flags: ["json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const { policies, send, store } = await openCluster(line, host)
  const { state } = await store.load()
  const rows = await Promise.all(
    policies.map(async (policy) => {
      const scale = await getScale(send, policy).catch((error: unknown) => {
        if (error instanceof KubeError && error.code === "not-found") return undefined
        throw error
      })
      return statusOf(policy, scale?.replicas, state, Date.now())
    }),
  )
  const undelivered = state.outbox.entries.length
  if (line.has("json")) {
    return {
      text: JSON.stringify(
        { state: store.place, undelivered, dropped: state.outbox.dropped, policies: rows },
        undefined,
        2,
      ),
      exitCode: 0,
    }
  }
  const shown = rows.map((row) => [
    row.policy,
    row.deployment,
    row.replicas === null ? "none there" : `${row.replicas} of ${row.min}–${row.max}`,
    row.mode,
    row.write,
    row.last === undefined
      ? "never"
      : `${row.last.at.slice(0, 19).replace("T", " ")} ${row.last.code}, ${row.last.outcome}`,
    row.last?.signals ?? "",
    row.order ?? "",
  ])
  const notes = undelivered === 0 ? [] : ["", `${undelivered} notices wait to be delivered.`]
  return {
    text: [
      table([
        ["policy", "deployment", "replicas", "mode", "write", "last decision (UTC)", "signals", "order"],
        ...shown,
      ]),
      ...notes,
    ].join("\n"),
    exitCode: 0,
  }
})

const statusOf = (policy: Policy, replicas: number | undefined, state: ScaleState, nowMs: number): PolicyStatus => {
  const last = state.history.findLast((entry) => entry.policy === policy.name)
  const { pause, pin } = state.policies[policy.name] ?? {}
  const order =
    pause !== undefined && pause.untilMs > nowMs
      ? `paused until ${new Date(pause.untilMs).toISOString()}: ${pause.reason}`
      : pin !== undefined && pin.untilMs > nowMs
        ? `${pin.replicas} until ${new Date(pin.untilMs).toISOString()}: ${pin.reason}`
        : undefined
  return {
    policy: policy.name,
    deployment: `${policy.namespace}/${policy.deployment}`,
    mode: policy.mode.kind,
    write: policy.write,
    replicas: replicas ?? null,
    ...policy.replicas,
    ...(last === undefined
      ? {}
      : {
          last: {
            at: last.at,
            code: last.decision.code,
            outcome: outcomeWord(last.outcome),
            signals: values(last.values),
          },
        }),
    ...(order === undefined ? {} : { order }),
  }
}
