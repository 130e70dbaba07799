import { createHash } from "node:crypto"
import { fileURLToPath } from "node:url"
import { buildGateway, readCompatibility } from "./build-gateway.ts"
import { startScript } from "./child.ts"
import type { Server } from "./child.ts"
import { chatPath, gatewayKey } from "./requests.ts"
import type { Variant } from "./variants.ts"
import { startWorkerd } from "./workerd.ts"
import type { WorkerFiles } from "./workerd.ts"

export type Processes = Readonly<Record<Variant["process"], Server>>

/** Everything that outlives a round. */
export interface Surroundings {
  readonly gateway: WorkerFiles
  readonly upstream: Server
  readonly redis: Server
  readonly scratchFolder: string
}

const redisToken = "bench-token"

export const startSurroundings = async (scratchFolder: string): Promise<Surroundings> => {
  const [gateway, upstream, redis] = await Promise.all([
    buildGateway(`${scratchFolder}/gateway`),
    startScript(new URL("upstream.ts", import.meta.url)),
    startScript(new URL("redis.ts", import.meta.url), [redisToken]),
  ])
  return { gateway, upstream, redis, scratchFolder }
}

/** Fresh processes for one round. The two gateways are alike: one relays only, so that what the other keeps costs it nothing. */
export const startProcesses = async ({ gateway, upstream, redis, scratchFolder }: Surroundings): Promise<Processes> => {
  const compatibility = readCompatibility()
  const origin = `http://127.0.0.1:${upstream.port}`
  const script = (name: string): WorkerFiles => ({
    main: fileURLToPath(new URL(name, import.meta.url)),
    wasm: [],
    durableObjects: {},
  })
  const environment = {
    VOLTGATE_COMPATIBLE: JSON.stringify([
      { name: "local", baseUrl: `${origin}/v1`, apiKey: "upstream-key", models: ["bench"] },
    ]),
    VOLTGATE_KEYS: JSON.stringify([{ sha256: createHash("sha256").update(gatewayKey).digest("hex"), tenant: "bench" }]),
    UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${redis.port}`,
    UPSTASH_REDIS_REST_TOKEN: redisToken,
  }
  const start = (worker: WorkerFiles, settings: Readonly<Record<string, string>>): Promise<Server> =>
    startWorkerd({ worker, compatibility, environment: settings, scratchFolder })
  const [raw, least, relaying, analyzing] = await Promise.all([
    start(script("raw-proxy.js"), { UPSTREAM: `${origin}${chatPath}` }),
    start(script("least-relay.js"), { UPSTREAM: `${origin}${chatPath}` }),
    start(gateway, environment),
    start(gateway, environment),
  ])
  return { raw, least, relaying, analyzing }
}
