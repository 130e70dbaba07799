#!/usr/bin/env node
// The `voltgate` command. Plain JavaScript, because Node 20 has to read it: it starts control-plane/cli.ts under a Node
// that reads TypeScript.
import { spawn } from "node:child_process"
import { constants } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

// Hundreds of modules are read and stripped of their types once, not at each start: it takes a third of it. A container's
// user may have no home; then nothing is kept.
const { HOME, XDG_CACHE_HOME = HOME && join(HOME, ".cache") } = process.env
const kept = XDG_CACHE_HOME && { NODE_COMPILE_CACHE: join(XDG_CACHE_HOME, "voltgate", "compiled") }
const launcher = fileURLToPath(new URL("../dev/with-node.mjs", import.meta.url))
const child = spawn(process.execPath, [launcher, "control-plane/cli.ts", ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...kept, ...process.env },
})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
child.on("error", (error) => {
  console.error(`Could not start ${process.execPath}: ${error.message}`)
  process.exit(1)
})
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
