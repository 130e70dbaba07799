// Starts a tool or a script under a Node new enough for it (24), wherever npm itself runs on an older one.
// Plain JavaScript, because this is the one file that Node 20 has to read.
//
//   node dev/with-node.mjs dev/start.ts --port 9000     a script of ours
//   node dev/with-node.mjs vitest run                   a tool from node_modules/.bin
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { delimiter, dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const oldestNodeMajor = 24

const findNode = () => {
  if (Number(process.versions.node.split(".")[0]) >= oldestNodeMajor) return process.execPath
  const packaged = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node")
  return existsSync(packaged) ? packaged : undefined
}

const findProgram = (name) => {
  const tool = join(root, "node_modules", ".bin", name)
  return existsSync(tool) ? tool : resolve(root, name)
}

const [name, ...args] = process.argv.slice(2)
const node = findNode()
const program = name === undefined ? undefined : findProgram(name)

if (program === undefined || !existsSync(program)) {
  console.error(
    name === undefined
      ? "Usage: node dev/with-node.mjs <tool or script> [arguments]"
      : `Cannot find ${name}. Run \`npm ci\` first.`,
  )
  process.exit(1)
}
if (node === undefined) {
  console.error(
    `Node ${process.versions.node} is too old and no packaged Node was installed for ${process.platform}-${process.arch}. ` +
      `Run \`npm ci\` (without --omit=optional), or install Node ${oldestNodeMajor} or newer.`,
  )
  process.exit(1)
}

const child = spawn(node, [program, ...args], {
  stdio: "inherit",
  env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` },
})
// A terminal's Ctrl-C reaches the child as well, a signal sent to this process alone does not; hearing it twice is harmless.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
child.on("error", (error) => {
  console.error(`Could not start ${node}: ${error.message}`)
  process.exit(1)
})
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)))
