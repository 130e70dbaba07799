import { startDeno } from "../dev/stack/deno.ts"
import { startWorker } from "../dev/stack/worker.ts"
import type { StartGateway } from "./world.ts"

/** The gateway as Cloudflare runs it. */
export const startOnWorkerd: StartGateway = (environment) => startWorker({ environment })

/** The gateway as Deno runs it. */
export const startOnDeno: StartGateway = (environment) => startDeno({ environment })
