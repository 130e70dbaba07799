import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { resources } from "../../../dev/kubernetes/objects.ts"
import { startApiServer } from "../../../dev/kubernetes/start-api-server.ts"
import type { ApiServer } from "../../../dev/kubernetes/start-api-server.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import { hostOf } from "../../testing.ts"
import { deploymentOf } from "../protocol/testing.ts"
import { scaleCommand } from "../scale-command.ts"

const [deployments, external] = [
  resources.find(({ plural }) => plural === "deployments")!,
  resources.find(({ group }) => group === "external.metrics.k8s.io")!,
]
let server: ApiServer
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voltgate-scale-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const policies = `policies:
  - name: web
    deployment: web
    replicas: { min: 2, max: 10 }
    step: { signal: { from: external, metric: load }, target: 70 }
    write: act
`

beforeEach(async () => {
  server = await startApiServer()
  server.core.store.create(deployments, "default", deploymentOf("web", 4))
  server.core.store.create(external, "default", { metadata: { name: "load" }, items: [{ value: "90" }] })
  await writeFile(join(folder, "kubeconfig"), server.kubeconfig())
  await writeFile(join(folder, "policies.yaml"), policies)
  return () => server.close()
})

const said: string[] = []
const scale = async (line: string): Promise<readonly [number, string]> => {
  const environment = { VOLTGATE_POLICIES: join(folder, "policies.yaml") }
  const needsCluster = !/^(import|export|validate(?!.*--live)|--help|simulate)/.test(line)
  const args = [...line.split(" "), ...(needsCluster ? ["--kubeconfig", join(folder, "kubeconfig")] : [])]
  try {
    const { exitCode, text } = await scaleCommand(
      args,
      hostOf({ environment, progress: (each) => void said.push(each) }),
    )
    return [exitCode, text]
  } catch (error) {
    if (error instanceof UsageError) return [2, error.message]
    throw error
  }
}
const count = (): unknown => server.core.store.get(deployments, "default", "web").spec?.["replicas"]

test("plans without writing, runs, and explains what it did", async () => {
  expect(await scale("plan")).toEqual([
    0,
    expect.stringMatching(/web +4 → 6 +above-target +observed[\s\S]*90 against a target of 70/),
  ])
  expect([count(), server.core.writes]).toEqual([4, []])
  expect(await scale("run --once")).toEqual([0, expect.stringMatching(/4 → 6 +above-target +written/)])
  expect(count()).toBe(6)
  const [, json] = await scale("history --json")
  const [{ id }] = JSON.parse(json) as [{ id: string }]
  expect(await scale(`explain ${id.slice(0, 8)}`)).toEqual([
    0,
    expect.stringMatching(/go up from 4 to 6[\s\S]*6 replicas were written, and read back/),
  ])
  expect(await scale("status")).toEqual([
    0,
    expect.stringMatching(/web +default\/web +6 of 2–10 +step +act .*above-target, written/),
  ])
})

test("a pause holds, an order is carried out, and both end with resume", async () => {
  await scale("pause web --for 10m --reason exam")
  expect(await scale("run --once")).toEqual([0, expect.stringMatching(/paused[\s\S]*exam/)])
  expect(count()).toBe(4)
  await scale("resume web")
  await scale("set web 9 --for 1h")
  expect(await scale("run --once")).toEqual([0, expect.stringMatching(/4 → 9 +pinned +written/)])
  expect(await scale("status --json")).toEqual([0, expect.stringMatching(/"order": "9 until /)])
  await scale("resume web")
  expect(await scale("run --once")).toEqual([0, expect.not.stringContaining("pinned")])
})

test("another instance at work is waited for, and told", async () => {
  const leases = resources.find(({ plural }) => plural === "leases")!
  server.core.store.create(leases, "default", {
    metadata: { name: "voltgate-scale" },
    spec: { holderIdentity: "somebody" },
  })
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 300)
  const args = ["run", "--once", "--kubeconfig", join(folder, "kubeconfig")]
  const environment = { VOLTGATE_POLICIES: join(folder, "policies.yaml") }
  const { exitCode, text } = await scaleCommand(args, hostOf({ environment, stop: stop.signal }))
  expect([exitCode, text, count()]).toEqual([3, "somebody is at work; nothing was done.", 4])
})

test("a loop works until it is stopped, and gives its lease back", async () => {
  const stop = new AbortController()
  const printed: string[] = []
  const running = scaleCommand(
    ["run", "--every", "5s", "--json", "--kubeconfig", join(folder, "kubeconfig")],
    hostOf({
      environment: { VOLTGATE_POLICIES: join(folder, "policies.yaml") },
      print: (line) => {
        printed.push(line)
        stop.abort()
      },
      stop: stop.signal,
    }),
  )
  expect(await running).toMatchObject({ exitCode: 0, text: "Stopped; the lease was given back." })
  expect(JSON.parse(printed[0] ?? "")).toMatchObject({ policy: "web", outcome: { kind: "written" } })
  const leases = resources.find(({ plural }) => plural === "leases")!
  expect(server.core.store.get(leases, "default", "voltgate-scale").spec).toMatchObject({ holderIdentity: "" })
})

test("the history is drawn as a page that stands by itself", async () => {
  await scale("run --once")
  const file = join(folder, "history.html")
  expect(await scale(`history web --html ${file}`)).toEqual([0, `1 entries are in ${file}.`])
  const page = await readFile(file, "utf8")
  expect(page).toMatch(/<svg[\s\S]*replicas[\s\S]*4 → 6/)
  expect(page).not.toMatch(/<script|https?:\/\//)
})

test("validate lists every problem, and with --live looks at the cluster", async () => {
  expect(await scale("validate")).toEqual([
    0,
    expect.stringMatching(/web: default\/web, 2 to 10 replicas, acts[\s\S]*1 policy, no problem/),
  ])
  expect(await scale("validate --live")).toEqual([0, expect.stringMatching(/rights.*granted[\s\S]*signal is 90/)])
  await writeFile(
    join(folder, "policies.yaml"),
    policies.replace("min: 2", "min: 20").replace("write: act", "wrte: act"),
  )
  expect(await scale("validate")).toEqual([
    1,
    expect.stringMatching(/policies\.yaml:6:5 `wrte` is no key here; did you mean write\?/),
  ])
})

test.each([
  ["set web 11", 2, /from 2 to 10 replicas/],
  ["set web", 2, /voltgate scale set NAME REPLICAS/],
  ["pause nobody", 2, /there are web/],
  ["pause web --for 1y", 2, /--for takes a time/],
  ["explain", 2, /voltgate scale explain ID/],
  ["explain zzz", 1, /no such decision/],
  ["run --every 2m", 2, /from 5s to 20s/],
  ["plan --state nowhere", 2, /configmap, postgres, or file:/],
  ["plan --state postgres", 2, /needs DATABASE_URL/],
  ["plan --policies /none.yaml", 2, /no such file/],
  ["plann", 2, /did you mean plan\?/],
  ["import", 2, /Name one file/],
  ["export keda", 2, /voltgate scale export hpa/],
])("`%s` ends with %d", async (line, exitCode, message) => {
  expect(await scale(line)).toEqual([exitCode, expect.stringMatching(message)])
})

test("a cluster that is away is one sentence", async () => {
  await server.close()
  const [exitCode, text] = await scale("status")
  expect([exitCode, text.split("\n")]).toEqual([
    1,
    [expect.stringMatching(/The API server at .* is out of reach: nothing listens there\./)],
  ])
})
