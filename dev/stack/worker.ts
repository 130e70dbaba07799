import { fileURLToPath } from "node:url"
import { unstable_startWorker } from "wrangler"

export interface WorkerOptions {
  /** The Worker's settings, as its secrets and variables. */
  readonly environment: Readonly<Record<string, string>>
  /** 0 takes any free port. */
  readonly port?: number
  /** Gets each line that the Worker logs. */
  readonly onLog?: (line: string) => void
  /** Where Durable Objects are kept between runs; absent: nowhere. */
  readonly stateFolder?: string
  /** Load changed sources at once. */
  readonly watch?: boolean
}

export interface RunningWorker {
  readonly url: string
  readonly stop: () => Promise<void>
}

const config = fileURLToPath(new URL("../../wrangler.toml", import.meta.url))

/** Wrangler asks Cloudflare for request metadata and reports its use, unless told not to. */
const quiet = {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
}

/**
 * Runs the Worker in workerd, in this machine's loopback only. Wrangler's own API starts it, so that settings never show
 * in a list of processes and one `stop` ends it for sure.
 */
export const startWorker = async (options: WorkerOptions): Promise<RunningWorker> => {
  const { environment, port = 0, onLog, stateFolder, watch = false } = options
  Object.assign(process.env, quiet)
  const restoreSignals = keepSignalHandlers()
  const worker = await unstable_startWorker({
    config,
    // Only what is given here counts: a developer's own .dev.vars must not reach the tests.
    envFiles: [],
    bindings: Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, { type: "plain_text" as const, value }]),
    ),
    dev: {
      server: { hostname: "127.0.0.1", port },
      inspector: false,
      watch,
      liveReload: false,
      logLevel: "none",
      persist: stateFolder ?? false,
      ...(onLog === undefined
        ? {}
        : { structuredLogsHandler: ({ message }: { readonly message: string }) => onLog(message) }),
    },
  })
  await worker.ready
  restoreSignals()
  const url = await worker.url
  return { url: `http://127.0.0.1:${url.port}`, stop: () => worker.dispose() }
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const

/**
 * Miniflare ends the whole process at the first signal, before other parts of it could end theirs. Its own workerd ends
 * with `stop`, so its handlers can go.
 */
const keepSignalHandlers = (): (() => void) => {
  const before = new Set<unknown>(signals.flatMap((signal) => process.listeners(signal)))
  return () => {
    for (const signal of signals) {
      for (const listener of process.listeners(signal)) {
        if (!before.has(listener)) process.removeListener(signal, listener)
      }
    }
  }
}
