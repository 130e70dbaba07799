import { createApiCore } from "../../../dev/kubernetes/api-core.ts"
import type { ApiCore } from "../../../dev/kubernetes/api-core.ts"
import { withFaults } from "../../../dev/kubernetes/faults.ts"
import type { ApiFault } from "../../../dev/kubernetes/faults.ts"
import { resources } from "../../../dev/kubernetes/objects.ts"
import type { KubeObject } from "../../../dev/kubernetes/objects.ts"
import { KubeError } from "../client/kube-error.ts"
import { createSend } from "../client/send.ts"
import type { Send } from "../client/send.ts"
import type { Transport } from "../client/transport.ts"
import type { Reading } from "../sample.ts"

/** A cluster in this process, with a clock of its own. */
export interface World {
  readonly core: ApiCore
  readonly send: Send
  readonly now: () => number
  readonly advance: (ms: number) => void
  readonly setFault: (next: ((path: string, method: string) => ApiFault | undefined) | undefined) => void
  /** Called before each request and after it; may throw, as a process that dies does. */
  readonly setCrash: (next: (() => void) | undefined) => void
}

export const deployments = resources.find(({ plural }) => plural === "deployments")!
export const autoscalers = resources.find(({ plural }) => plural === "horizontalpodautoscalers")!
export const leases = resources.find(({ plural }) => plural === "leases")!

export const createWorld = (startMs = 1_800_000_000_000): World => {
  let nowMs = startMs
  let fault: ((path: string, method: string) => ApiFault | undefined) | undefined
  let crash: (() => void) | undefined
  const now = (): number => nowMs
  const core = createApiCore({ now })
  const handle = withFaults(core, ({ path, method }) => fault?.(path, method), 60_000)
  const transport: Transport = async ({ method, path, body }, deadlineMs) => {
    crash?.()
    const made = handle({
      method,
      path,
      contentType: "application/json",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    crash?.()
    if (made === "cut") throw new KubeError("unreachable", "The connection was cut.")
    if ("afterMs" in made) {
      nowMs += Math.min(made.afterMs, deadlineMs)
      if (made.afterMs > deadlineMs) throw new KubeError("timeout", "The API server did not answer in time.")
      return { status: made.response.status, text: made.response.body }
    }
    const retryAfterS = made.headers["retry-after"]
    return {
      status: made.status,
      text: made.body,
      ...(retryAfterS === undefined ? {} : { retryAfterMs: Number(retryAfterS) * 1_000 }),
    }
  }
  const send = createSend({
    transport,
    deadlineMs: 5_000,
    now,
    sleep: async (ms) => {
      nowMs += ms
    },
  })
  return {
    core,
    send,
    now,
    advance: (ms) => (nowMs += ms),
    setFault: (next) => (fault = next),
    setCrash: (next) => (crash = next),
  }
}

/** A deployment with all its replicas ready. */
export const deploymentOf = (name: string, replicas: number): KubeObject => ({
  metadata: { name, namespace: "default" },
  spec: { replicas, selector: { matchLabels: { app: name } } },
  status: { replicas, readyReplicas: replicas, updatedReplicas: replicas, observedGeneration: 1 },
})

/** Sets a count as a person would with kubectl. */
export const setByHand = ({ core }: Pick<World, "core">, name: string, replicas: number): void => {
  const found = core.store.get(deployments, "default", name)
  core.store.replace(deployments, "default", name, { ...found, spec: { ...found.spec, replicas } })
}

export const replicasOf = ({ core }: Pick<World, "core">, name: string): number =>
  Number(core.store.get(deployments, "default", name).spec?.["replicas"] ?? 1)

export const autoscalerOf = (deployment: string): KubeObject => ({
  metadata: { name: `${deployment}-hpa`, namespace: "default" },
  spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment }, maxReplicas: 10 },
})

export const readingOf = (value: unknown, measuredAtMs: number, readAtMs = measuredAtMs): Reading => ({
  kind: "sample",
  sample: { value, measuredAtMs, readAtMs, source: "test" },
})
