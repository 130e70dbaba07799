import { execFile } from "node:child_process"
import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { WorkerFiles } from "./workerd.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** Bundles the gateway as `wrangler deploy` would upload it, minified. Throws with wrangler's own words when it fails. */
export const buildGateway = async (folder: string): Promise<WorkerFiles> => {
  const deploy = ["dev/with-node.mjs", "wrangler", "deploy", "--dry-run", "--outdir", folder]
  await promisify(execFile)(process.execPath, deploy, {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_SEND_ERROR_REPORTS: "false" },
  })
  const wasm = readdirSync(folder).filter((file) => file.endsWith(".wasm"))
  return {
    main: join(folder, "worker.js"),
    wasm: wasm.map((file) => join(folder, file)),
    durableObjects: { PROVIDER_STATE: "ProviderState" },
  }
}

/** The one in `wrangler.toml`; every Worker of the bench runs with it. */
export const readCompatibilityDate = (): string => {
  const date = /^compatibility_date = "([\d-]+)"/m.exec(readFileSync(`${root}wrangler.toml`, "utf8"))?.[1]
  if (date === undefined) throw new Error("wrangler.toml names no compatibility_date.")
  return date
}
