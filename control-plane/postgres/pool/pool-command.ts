import { createServer } from "node:http"
import * as v from "valibot"
import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Command, CommandResult, Host } from "../../command.ts"
import { readDatabaseUrl } from "../apply/connection-options.ts"
import { orSay } from "../apply/outcome.ts"
import { readCount } from "../apply/run-options.ts"
import { openPool, usualPool } from "./open-pool.ts"
import type { ConnectionPool } from "./open-pool.ts"
import { toPrometheus } from "./pool-metrics.ts"
import type { PoolMetrics } from "./pool-metrics.ts"

const help = `Opens a pool of connections as services are told to, tries it, and shows it beside what the server says of its connections.

  voltgate db pool [options]

  --url URL             the database (DATABASE_URL, or PGHOST, PGUSER and so on); Neon's by its own driver
  --min N, --max N      connections (${usualPool.min}, ${usualPool.max})
  --load N              so many queries at once, to see it at work (${usualPool.max})
  --listen HOST:PORT    stays, and serves the pool's metrics for Prometheus at /metrics until Ctrl-C
  --json                prints it as JSON
  --help                this text

Exit codes: 0 done, 1 the database is out of reach, 2 wrong usage.`

/** `voltgate db pool` */
export const poolCommand: Command = async (args, host) => {
  const line = parseCommandLine(args, {
    command: "voltgate db pool",
    texts: ["url", "min", "max", "load", "listen"],
    flags: ["json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const [min, max] = [
    readCount("--min", line.text("min"), usualPool.min),
    readCount("--max", line.text("max"), usualPool.max),
  ]
  if (min > max) throw new UsageError(`--min ${min} is above --max ${max}.`)
  const load = readCount("--load", line.text("load"), usualPool.max)
  const listen = readListen(line.text("listen"))
  const url = readDatabaseUrl(line.text("url"), host)
  return orSay(async () => {
    await using pool = await openPool({ url, min, max })
    if (listen !== undefined) return await serve(pool, listen, host)
    const idle = pool.metrics()
    const work = Array.from({ length: load }, () => pool.query("SELECT pg_sleep(0.2)"))
    await new Promise((resolve) => setTimeout(resolve, 120))
    const busy = pool.metrics()
    await Promise.all(work)
    const server = await readServer(pool)
    const told = { driver: pool.driver, idle, busy, server }
    return { text: line.has("json") ? JSON.stringify(told, undefined, 2) : show(told, load), exitCode: 0 }
  })
}

const ServerRow = v.object({
  max_connections: v.number(),
  used: v.number(),
  active: v.number(),
  idle_in_transaction: v.number(),
  waiting_for_locks: v.number(),
})

const readServer = async (pool: ConnectionPool) => {
  const [row] = await pool.query(
    `SELECT current_setting('max_connections')::int AS max_connections, count(*)::int AS used, count(*) FILTER (WHERE state = 'active')::int AS active,
            count(*) FILTER (WHERE state LIKE 'idle in transaction%')::int AS idle_in_transaction, count(*) FILTER (WHERE wait_event_type = 'Lock')::int AS waiting_for_locks
       FROM pg_stat_activity WHERE backend_type = 'client backend'`,
  )
  return v.parse(ServerRow, row)
}

interface Told {
  readonly driver: string
  readonly idle: PoolMetrics
  readonly busy: PoolMetrics
  readonly server: v.InferOutput<typeof ServerRow>
}

const show = ({ driver, idle, busy, server }: Told, load: number): string => {
  const row = (name: string, { total, idle: free, active, waiting, utilization }: PoolMetrics): string =>
    `${name.padEnd(22)} ${String(total).padStart(5)} ${String(free).padStart(5)} ${String(active).padStart(6)} ${String(waiting).padStart(7)}   ${Math.round(100 * utilization)} %`
  const advice =
    server.used > 0.8 * server.max_connections
      ? [
          `More than four fifths of the server's connections are taken: put a pooler such as PgBouncer before it, or raise max_connections.`,
        ]
      : []
  const idleAdvice =
    server.idle_in_transaction > 0
      ? [
          `${server.idle_in_transaction} sessions hold a transaction open and do nothing: set idle_in_transaction_session_timeout.`,
        ]
      : []
  return [
    `pool (${driver})            total  idle active waiting   utilization`,
    row("as it was opened", idle),
    row(`with ${load} queries`, busy),
    "",
    `The server has ${server.used} of ${server.max_connections} connections taken: ${server.active} at work, ${server.idle_in_transaction} idle in a transaction, ${server.waiting_for_locks} waiting for a lock.`,
    ...advice,
    ...idleAdvice,
  ].join("\n")
}

const readListen = (text: string | undefined): { readonly hostname: string; readonly port: number } | undefined => {
  if (text === undefined) return undefined
  const [, hostname, port] = /^([\w.-]+):(\d{1,5})$/.exec(text) ?? []
  if (hostname === undefined || Number(port) > 65_535)
    throw new UsageError("--listen takes a host and a port, e.g. 127.0.0.1:9187.")
  return { hostname, port: Number(port) }
}

const serve = async (
  pool: ConnectionPool,
  { hostname, port }: { readonly hostname: string; readonly port: number },
  { stop, print }: Host,
): Promise<CommandResult> => {
  const server = createServer((request, response) => {
    if (request.url !== "/metrics") return void response.writeHead(404).end("Ask for /metrics.\n")
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(toPrometheus(pool.metrics()))
  })
  const isListening = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false))
    server.listen(port, hostname, () => resolve(true))
  })
  if (!isListening) return { text: `${hostname}:${port} cannot be listened on: is it taken?`, exitCode: 1 }
  const address = server.address()
  print(
    `The pool's metrics are at http://${hostname}:${typeof address === "object" && address !== null ? address.port : port}/metrics. Ctrl-C ends it.`,
  )
  await new Promise<void>((resolve) =>
    stop.aborted ? resolve() : stop.addEventListener("abort", () => resolve(), { once: true }),
  )
  server.close()
  server.closeAllConnections()
  return { text: "Stopped.", exitCode: 0 }
}
