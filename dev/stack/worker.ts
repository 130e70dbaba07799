import { devNull } from "node:os"
import { fileURLToPath } from "node:url"
import * as v from "valibot"
import { unstable_DevEnv as DevEnv } from "wrangler"
import { deadline } from "./deadline.ts"

export interface WorkerOptions {
  /** The Worker's settings, as its secrets and variables. */
  readonly environment: Readonly<Record<string, string>>
  /** 0 takes any free port. */
  readonly port?: number
  /** Gets each line that the Worker logs. */
  readonly onLog?: (line: string) => void
  /** Gets what went wrong while it runs, e.g. that changed sources don't compile. */
  readonly onTrouble?: (what: string) => void
  /** Called when it ended without being asked to. (Wrangler starts a workerd that died anew, so that is no end.) */
  readonly onEnd?: (why: string) => void
  /** The Worker's wrangler.toml; absent: Voltgate's own. */
  readonly config?: string
  /** Where Durable Objects are kept between runs; absent: nowhere. */
  readonly stateFolder?: string
  /** Load changed sources at once. */
  readonly watch?: boolean
  /** Gives up starting. */
  readonly signal?: AbortSignal
}

export interface RunningWorker {
  readonly url: string
  readonly stop: () => Promise<void>
}

const ownConfig = fileURLToPath(new URL("../../wrangler.toml", import.meta.url))
const startLimitMs = 60_000
const stopLimitMs = 3_000

/** Wrangler asks Cloudflare for request metadata and reports its use, unless told not to. */
const quiet = {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
}

/**
 * Runs the Worker in workerd, in this machine's loopback only. Wrangler's own API starts it, so that settings never show
 * in a list of processes and one `stop` ends it for sure. Rejects with the place in the sources when they don't compile.
 */
export const startWorker = async (options: WorkerOptions): Promise<RunningWorker> => {
  const { environment, port = 0, config = ownConfig, onLog, onTrouble, stateFolder, watch = false, signal } = options
  Object.assign(process.env, quiet)
  const releaseSignals = keepSignalsOurs()
  const devEnv = new DevEnv()
  const stop = async (): Promise<void> => {
    await devEnv.teardown()
    releaseSignals()
  }

  // Wrangler calls a Worker ready as soon as its proxy listens, and the proxy holds each request until sources compile.
  const loaded = Promise.withResolvers<void>()
  loaded.promise.catch(() => undefined)
  let running = false
  const report = (event: unknown): void => {
    const what = describeFailure(event)
    if (running) onTrouble?.(what)
    else loaded.reject(new Error(what))
  }
  devEnv.on("reloadComplete", () => loaded.resolve())
  devEnv.on("buildFailed", report)
  devEnv.on("error", report)
  const abort = (): void => loaded.reject(signal?.reason)
  if (signal?.aborted === true) abort()
  signal?.addEventListener("abort", abort, { once: true })

  try {
    const worker = await devEnv.startWorker({
      config,
      // Without any file named here, wrangler reads a developer's own .dev.vars, and lets it win over what we give.
      envFiles: [devNull],
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
    await deadline(loaded.promise, startLimitMs, `The Worker did not start within ${startLimitMs / 1000} s.`)
    const url = await worker.url
    running = true
    return { url: `http://127.0.0.1:${url.port}`, stop }
  } catch (error) {
    // What did not start may not end either; the reason why it did not is what counts.
    await deadline(stop(), stopLimitMs, "It did not end.").catch(() => undefined)
    throw signal?.aborted === true ? signal.reason : new Error(describeFailure(error), { cause: error })
  } finally {
    signal?.removeEventListener("abort", abort)
  }
}

const BuildFailure = v.object({
  errors: v.pipe(
    v.array(
      v.object({
        text: v.string(),
        location: v.nullish(v.object({ file: v.string(), line: v.number(), column: v.number() })),
      }),
    ),
    v.minLength(1),
  ),
})

/** The first mistake in the sources with its place, or else the innermost reason that is given. */
const describeFailure = (thrown: unknown): string => {
  const build = v.safeParse(BuildFailure, thrown)
  const [first] = build.success ? build.output.errors : []
  if (first !== undefined) {
    const { text, location } = first
    const place = location ? `${location.file}:${location.line}:${location.column + 1}: ` : ""
    return `The Worker's sources don't compile. ${place}${text}`
  }
  const cause: unknown = typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, "cause") : undefined
  if (cause !== undefined) return describeFailure(cause)
  return thrown instanceof Error ? thrown.message : String(thrown)
}

const signals: ReadonlySet<unknown> = new Set(["SIGINT", "SIGTERM", "SIGHUP"])

/**
 * Miniflare would end the whole process at the first signal, before other parts of it could end theirs. It has a listener
 * for `exit` too, so its workerd ends with the process in any case.
 */
const keepSignalsOurs = (): (() => void) => {
  const drop = (event: string | symbol, listener: (...args: unknown[]) => void): void => {
    if (signals.has(event)) queueMicrotask(() => process.removeListener(event, listener))
  }
  process.on("newListener", drop)
  return () => process.removeListener("newListener", drop)
}
