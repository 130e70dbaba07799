import { execFile } from "node:child_process"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import * as v from "valibot"
import { unstable_readConfig } from "wrangler"
import type { Compatibility, WorkerFiles } from "./workerd.ts"

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
    durableObjects: Object.fromEntries(
      readConfig().durable_objects.bindings.map(({ name, class_name: className }) => [name, className]),
    ),
  }
}

/** Those of `wrangler.toml`; every Worker of the bench runs with them. */
export const readCompatibility = (): Compatibility => {
  const { compatibility_date: date, compatibility_flags: flags } = readConfig()
  return { date, flags }
}

const Config = v.object({
  compatibility_date: v.string(),
  compatibility_flags: v.array(v.string()),
  durable_objects: v.object({ bindings: v.array(v.object({ name: v.string(), class_name: v.string() })) }),
})

const readConfig = (): v.InferOutput<typeof Config> =>
  v.parse(Config, unstable_readConfig({ config: `${root}wrangler.toml` }))
