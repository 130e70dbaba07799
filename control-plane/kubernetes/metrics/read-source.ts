import { KubeError } from "../client/kube-error.ts"
import type { Send } from "../client/send.ts"
import type { Policy, SignalSource } from "../policies/policy.ts"
import type { ReadSource } from "../protocol/read-beliefs.ts"
import type { Reading } from "../sample.ts"
import { readExternal } from "./read-external.ts"
import { readGateway } from "./read-gateway.ts"
import { readPostgres } from "./read-postgres.ts"
import { readPrometheus } from "./read-prometheus.ts"
import { readRedisList } from "./read-redis-list.ts"
import { noData } from "./reading.ts"
import { readResource } from "./read-resource.ts"

export interface SourcePorts {
  readonly send: Send
  readonly fetch: typeof fetch
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly now: () => number
  readonly deadlineMs: number
}

/** Asks whichever source a policy names, and always ends in a reading: whatever goes wrong is one without data. */
export const createReadSource =
  (ports: SourcePorts): ReadSource =>
  async (source, policy) => {
    const late = Promise.withResolvers<Reading>()
    // Half as long again as any client waits by itself: who hangs all the same is left behind.
    const timer = setTimeout(
      () => late.resolve(noData(source.from, `no answer within ${(ports.deadlineMs * 1.5) / 1_000} s`)),
      ports.deadlineMs * 1.5,
    )
    try {
      return await Promise.race([ask(source, policy, ports), late.promise])
    } catch (error) {
      return noData(source.from, error instanceof KubeError ? error.message.replace(/\.$/, "") : "it could not be read")
    } finally {
      clearTimeout(timer)
    }
  }

const ask = async (source: SignalSource, policy: Policy, ports: SourcePorts): Promise<Reading> => {
  const { environment } = ports
  const [token, key] = [environment["VOLTGATE_PROMETHEUS_TOKEN"], environment["VOLTGATE_KEY"]]
  switch (source.from) {
    case "metrics.k8s.io":
      return readResource(source, policy, ports)
    case "external":
      return readExternal(source, policy, ports)
    case "prometheus":
      return readPrometheus(source, { ...ports, ...(token === undefined ? {} : { token }) })
    case "redis-list":
      return readRedisList(source, ports)
    case "postgres":
      return readPostgres(source, ports)
    case "gateway":
      return readGateway(source, { ...ports, ...(key === undefined ? {} : { key }) })
  }
}
