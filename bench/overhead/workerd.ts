import { mkdtempSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { findWorkerd } from "../workerd-package.ts"
import { startServer } from "./child.ts"
import type { Server } from "./child.ts"

/** A Worker as files: what wrangler's dry run writes, or a module of our own. */
export interface WorkerFiles {
  /** The module with the handler. */
  readonly main: string
  /** What it imports, by these files' names. */
  readonly wasm: readonly string[]
  /** Classes of Durable Objects that it exports, by the name of their binding. */
  readonly durableObjects: Readonly<Record<string, string>>
}

export interface Compatibility {
  readonly date: string
  readonly flags: readonly string[]
}

export interface WorkerdOptions {
  readonly worker: WorkerFiles
  readonly compatibility: Compatibility
  readonly environment: Readonly<Record<string, string>>
  /** Where its config is written to. */
  readonly scratchFolder: string
  /** With 2, requests go to two isolates of the Worker in turn, which share their Durable Objects. */
  readonly isolates?: 1 | 2
}

/** Starts plain workerd with one Worker, on a free port: no wrangler and no proxy stands before it. */
export const startWorkerd = (options: WorkerdOptions): Promise<Server> => {
  const folder = mkdtempSync(join(options.scratchFolder, "workerd-"))
  const config = join(folder, "config.capnp")
  writeFileSync(config, toConfig(options, folder))
  return startServer({
    command: findWorkerd().binary,
    // Cap'n Proto looks for absolute paths within its import paths.
    args: ["serve", "--control-fd=3", "--import-path=/", config],
    tellsOn: 3,
    portIn: (line) => {
      const port = /"event":"listen".*"port":(\d+)/.exec(line)?.[1]
      return port === undefined ? undefined : Number(port)
    },
  })
}

/**
 * A young heap makes major collections of 70 to 110 ms come within a measurement or not, as chance will have it; a
 * larger one puts them off for all variants alike.
 */
const heap = `v8Flags = ["--initial-old-space-size=512"],`

const toConfig = (
  { worker, compatibility, environment, isolates = 1 }: Omit<WorkerdOptions, "scratchFolder">,
  stateFolder: string,
): string => {
  const modules = [
    `(name = "main.js", esModule = embed ${text(worker.main)})`,
    ...worker.wasm.map((file) => `(name = ${text(basename(file))}, wasm = embed ${text(file)})`),
  ]
  const objects = Object.entries(worker.durableObjects)
  const bindings = [
    ...Object.entries(environment).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`),
    ...objects.map(
      ([name, className]) =>
        `(name = ${text(name)}, durableObjectNamespace = (className = ${text(className)}, serviceName = "main"))`,
    ),
  ]
  const code = `
  modules = [${modules.join(", ")}],
  compatibilityDate = ${text(compatibility.date)},
  compatibilityFlags = [${compatibility.flags.map(text).join(", ")}],
  bindings = [${bindings.join(", ")}],`
  const namespaces = objects.map(
    ([, className]) => `(className = ${text(className)}, uniqueKey = ${text(className)}, enableSql = true)`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  ${heap}
  services = [
    (name = "main", worker = .worker),
    ${isolates === 1 ? "" : `(name = "twin", worker = .twin), (name = "inTurn", worker = .inTurn),`}
    (name = "internet", network = (allow = ["private", "local", "public"])),
    (name = "state", disk = (path = ${text(stateFolder)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = ${text(isolates === 1 ? "main" : "inTurn")})],
);
const worker :Workerd.Worker = (${code}
  durableObjectNamespaces = [${namespaces.join(", ")}],
  ${objects.length === 0 ? "" : `durableObjectStorage = (localDisk = "state"),`}
);
${isolates === 1 ? "" : `const twin :Workerd.Worker = (${code}\n);\n${inTurn(compatibility.date)}`}
`
}

const inTurn = (compatibilityDate: string): string => {
  const script = "let n = 0; export default { fetch: (request, { A, B }) => (n++ % 2 === 0 ? A : B).fetch(request) }"
  return `const inTurn :Workerd.Worker = (
  modules = [(name = "in-turn.js", esModule = ${text(script)})],
  compatibilityDate = ${text(compatibilityDate)},
  bindings = [(name = "A", service = "main"), (name = "B", service = "twin")],
);`
}

/** Cap'n Proto writes strings as C does. */
const text = (value: string): string => JSON.stringify(value)
