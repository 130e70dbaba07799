import { randomUUID } from "node:crypto"
import { hostname } from "node:os"
import { setTimeout as sleep } from "node:timers/promises"
import type { CommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Host } from "../../command.ts"
import { readChannels } from "../../notifications/read-channels.ts"
import type { Channel } from "../../notifications/channel.ts"
import { connectCluster } from "../client/kubeconfig-transport.ts"
import { createSend } from "../client/send.ts"
import type { Send } from "../client/send.ts"
import { createReadSource } from "../metrics/read-source.ts"
import { readPolicies } from "../policies/read-policies.ts"
import type { Policy } from "../policies/policy.ts"
import { createConfigMapStateStore } from "../protocol/config-map-state-store.ts"
import { createFileStateStore } from "../protocol/file-state-store.ts"
import { createPostgresStateStore } from "../protocol/postgres-state-store.ts"
import type { ReadSource } from "../protocol/read-beliefs.ts"
import type { StateStore } from "../protocol/state-store.ts"

/** Options of every command that looks at a cluster. */
export const clusterTexts = ["policies", "kubeconfig", "context", "namespace", "state"] as const
export const clusterHelp = `  --policies FILE    the policies (VOLTGATE_POLICIES, or policies.yaml)
  --kubeconfig FILE  whose cluster (KUBECONFIG, ~/.kube/config, or the cluster that this runs in)
  --context NAME     one of its contexts
  --namespace NAME   where lease and state are kept (VOLTGATE_NAMESPACE, or default)
  --state PLACE      where the state is kept: configmap, postgres (DATABASE_URL), or file:PATH (configmap)`

const callMs = 5_000

export type ClusterLine = Pick<CommandLine<(typeof clusterTexts)[number], never>, "text">

export interface Cluster {
  readonly policies: readonly Policy[]
  readonly send: Send
  readonly readSource: ReadSource
  readonly store: StateStore
  readonly channels: readonly Channel[]
  readonly namespace: string
  readonly identity: string
}

/** All that a command needs to look at a cluster. Throws a UsageError for options of no use, a KubeError for no kubeconfig. */
export const openCluster = async (line: ClusterLine, host: Host): Promise<Cluster> => {
  const { environment } = host
  const policies = await readPolicies(line.text("policies") ?? environment["VOLTGATE_POLICIES"] ?? "policies.yaml")
  const namespace = line.text("namespace") ?? environment["VOLTGATE_NAMESPACE"] ?? "default"
  const channels = readChannels(environment, { fetch: host.fetch, deadlineMs: callMs, now: Date.now })
  const [kubeconfig, context] = [line.text("kubeconfig"), line.text("context")]
  const transport = await connectCluster({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  })
  const send = createSend({ transport, deadlineMs: callMs, now: Date.now, sleep: (ms) => sleep(ms) })
  return {
    policies,
    send,
    readSource: createReadSource({ send, fetch: host.fetch, environment, now: Date.now, deadlineMs: callMs }),
    store: openStore(line.text("state") ?? "configmap", send, namespace, environment),
    channels,
    namespace,
    identity: `${hostname()}_${process.pid}_${randomUUID().slice(0, 8)}`,
  }
}

const openStore = (place: string, send: Send, namespace: string, environment: Host["environment"]): StateStore => {
  if (place === "configmap") return createConfigMapStateStore(send, { namespace, name: "voltgate-scale" })
  if (place.startsWith("file:") && place.length > 5) return createFileStateStore(place.slice(5))
  if (place === "postgres") {
    const url = environment["DATABASE_URL"]
    if (url === undefined || url === "") throw new UsageError("--state postgres needs DATABASE_URL.")
    return createPostgresStateStore(url, namespace)
  }
  throw new UsageError("--state takes configmap, postgres, or file: and a path.")
}

/** The policy of this name. */
export const policyNamed = (policies: readonly Policy[], name: string): Policy => {
  const found = policies.find((policy) => policy.name === name)
  if (found !== undefined) return found
  throw new UsageError(
    `There is no policy of that name; there are ${policies.map((policy) => policy.name).join(", ")}.`,
  )
}
