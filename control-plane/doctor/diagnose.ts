import type { Host } from "../command.ts"
import type { Check } from "./check.ts"
import { checkGateway } from "./check-gateway.ts"
import { checkNode } from "./check-node.ts"
import { checkPostgres } from "./check-postgres.ts"
import { checkRedis } from "./check-redis.ts"
import type { DoctorSettings } from "./doctor-settings.ts"

export interface Diagnosis {
  /** Always in the same order, whoever answered first. */
  readonly checks: readonly Check[]
  /** Nothing failed; warnings may be there. */
  readonly ok: boolean
}

/** Looks at everything at once; no look takes longer than the deadline. Changes nothing. */
export const diagnose = async (
  settings: DoctorSettings,
  { fetch, nodeVersion, deadlineMs }: Pick<Host, "fetch" | "nodeVersion"> & { readonly deadlineMs: number },
): Promise<Diagnosis> => {
  const asking = { fetch, deadlineMs }
  const [gateway, redis, postgres] = await Promise.all([
    checkGateway(settings, asking),
    checkRedis(settings.redis, asking),
    checkPostgres(settings.databaseUrl, asking),
  ])
  const checks = [checkNode(nodeVersion), ...gateway, ...redis, ...postgres]
  return { checks, ok: checks.every(({ state }) => state !== "failed") }
}
