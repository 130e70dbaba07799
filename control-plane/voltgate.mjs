#!/usr/bin/env node
// The `voltgate` command. Plain JavaScript, because Node 20 has to read it: it starts control-plane/cli.ts under a Node
// that reads TypeScript.
import { spawn } from "node:child_process"
import { constants, homedir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

// Hundreds of modules are read and stripped of their types once, not at each start: it takes a third of it.
const compileCache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "voltgate", "compiled")
const launcher = fileURLToPath(new URL("../dev/with-node.mjs", import.meta.url))
const child = spawn(process.execPath, [launcher, "control-plane/cli.ts", ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
child.on("error", (error) => {
  console.error(`Could not start ${process.execPath}: ${error.message}`)
  process.exit(1)
})
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
