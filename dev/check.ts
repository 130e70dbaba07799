import { spawn } from "node:child_process"
import { readFile, rm, stat } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import * as v from "valibot"

/**
 * `npm test`: every check and every test there is. Runs on after a failure, so that one run tells all, and ends with the
 * line `N passed, N failed`, in which each check counts as one and each test as one.
 *
 *   npm test                    everything
 *   npm test -- types lint      only these
 */

const root = fileURLToPath(new URL("..", import.meta.url))
const report = `${root}dist/test-report.json`
const bundle = `${root}dist/worker`

interface Outcome {
  readonly passed: number
  readonly failed: number
}
interface Check {
  readonly name: string
  readonly what: string
  readonly run: () => Promise<Outcome>
}

const tool = (name: string, ...args: readonly string[]): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`${root}dev/with-node.mjs`, name, ...args], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        WRANGLER_SEND_METRICS: "false",
        WRANGLER_HIDE_BANNER: "true",
        WRANGLER_SEND_ERROR_REPORTS: "false",
      },
    })
    child.once("error", reject)
    child.once("exit", (code) => resolve(code === 0))
  })

const asOne = async (passed: Promise<boolean>): Promise<Outcome> =>
  (await passed) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }

/** Ceilings of what is uploaded, gzip: our JavaScript, and all of it with photon's WebAssembly. */
const ceilings = { javaScriptKiB: 400, allKiB: 1200 }

const checkBundle = async (): Promise<boolean> => {
  await rm(bundle, { recursive: true, force: true })
  if (!(await tool("wrangler", "deploy", "--dry-run", "--outdir", bundle))) return false
  const script = await readFile(`${bundle}/worker.js`)
  const wasm = await readFile(`${root}node_modules/@cf-wasm/photon/dist/lib/photon_rs_bg.wasm`)
  const javaScriptKiB = gzipSync(script).length / 1024
  const allKiB = javaScriptKiB + gzipSync(wasm).length / 1024
  console.log(
    `JavaScript ${javaScriptKiB.toFixed(0)} KiB of ${ceilings.javaScriptKiB}, everything ${allKiB.toFixed(0)} KiB of ${ceilings.allKiB} (gzip)`,
  )
  return javaScriptKiB <= ceilings.javaScriptKiB && allKiB <= ceilings.allKiB
}

const TestReport = v.object({ numPassedTests: v.number(), numFailedTests: v.number() })

const runTests = async (): Promise<Outcome> => {
  await rm(report, { force: true })
  const ended = await tool("vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`)
  if (!(await stat(report).catch(() => undefined))) return { passed: 0, failed: 1 }
  const { numPassedTests, numFailedTests } = v.parse(TestReport, JSON.parse(await readFile(report, "utf8")))
  // A file that does not load has no failed test, and yet the run has failed.
  return { passed: numPassedTests, failed: Math.max(numFailedTests, ended ? 0 : 1) }
}

const checks: readonly Check[] = [
  { name: "format", what: "formatting (npm run format mends it)", run: () => asOne(tool("oxfmt", "--check")) },
  { name: "lint", what: "lint, with types", run: () => asOne(tool("oxlint", "--type-aware", "--deny-warnings")) },
  { name: "types", what: "types, project by project", run: () => asOne(tool("tsc", "-b")) },
  {
    name: "deno",
    what: "types, as Deno sees them",
    run: () => asOne(tool("deno", "check", "worker/runtime/deno/main.ts")),
  },
  { name: "dead-code", what: "code and packages that nothing uses", run: () => asOne(tool("knip")) },
  {
    name: "samples",
    what: "sample pictures against their source",
    run: () => asOne(tool("dev/make-samples.ts", "--check")),
  },
  { name: "bundle", what: "what Cloudflare would get, and its size", run: () => asOne(checkBundle()) },
  { name: "tests", what: "tests, on Node, workerd and Deno", run: runTests },
]

const main = async (): Promise<number> => {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !checks.some((check) => check.name === name))
  if (unknown.length > 0) {
    console.error(`Unknown: ${unknown.join(", ")}. There are: ${checks.map(({ name }) => name).join(", ")}.`)
    return 2
  }
  let [passed, failed] = [0, 0]
  const broken: string[] = []
  for (const { name, what, run } of checks) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    console.log(`\n── ${name}: ${what}`)
    const outcome = await run()
    passed += outcome.passed
    failed += outcome.failed
    if (outcome.failed > 0) broken.push(name)
  }
  if (broken.length > 0) console.log(`\nFailed: ${broken.join(", ")}`)
  console.log(`\n${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

process.exit(await main())
