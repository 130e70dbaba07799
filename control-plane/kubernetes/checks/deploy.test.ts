import { readFileSync } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as v from "valibot"
import { afterAll, beforeAll, expect, test } from "vitest"
import { parseAllDocuments } from "yaml"
import type { Permission } from "../../../dev/kubernetes/api-core.ts"
import { resources } from "../../../dev/kubernetes/objects.ts"
import { startApiServer } from "../../../dev/kubernetes/start-api-server.ts"
import { hostOf } from "../../testing.ts"
import { deploymentOf } from "../protocol/testing.ts"
import { scaleCommand } from "../scale-command.ts"

const documents = (file: string): readonly Record<string, unknown>[] =>
  parseAllDocuments(readFileSync(file, "utf8")).map((document) => {
    expect(document.errors).toEqual([])
    return document.toJS() as Record<string, unknown>
  })
const Rules = v.array(
  v.object({
    apiGroups: v.array(v.string()),
    resources: v.array(v.string()),
    resourceNames: v.optional(v.array(v.string())),
    verbs: v.array(v.string()),
  }),
)
const rules = v.parse(Rules, documents("deploy/kubernetes/rbac.yaml").find(({ kind }) => kind === "Role")?.["rules"])
const permissionsOf = (given: v.InferOutput<typeof Rules>): readonly Permission[] =>
  given.flatMap(({ apiGroups, resources: names, resourceNames, verbs }) =>
    apiGroups.flatMap((group) =>
      names.flatMap((resource) =>
        verbs.map((verb) => ({
          verb,
          group,
          resource,
          ...(resourceNames === undefined ? {} : { names: resourceNames }),
        })),
      ),
    ),
  )

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voltgate-rbac-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const kind = (plural: string, group: string) =>
  resources.find((each) => each.plural === plural && each.group === group)!

/** One cycle that has something to write, by an account with these rights; whether all of it was done. */
const runWith = async (permissions: readonly Permission[]): Promise<boolean> => {
  await using server = await startApiServer({ tokens: { account: permissions } })
  const { store } = server.core
  store.create(kind("deployments", "apps"), "default", deploymentOf("api-gateway", 4))
  const labels = { app: "api-gateway" }
  store.create(kind("pods", ""), "default", {
    metadata: { name: "a", labels },
    spec: { containers: [{ resources: { requests: { cpu: "1" } } }] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  })
  store.create(kind("pods", "metrics.k8s.io"), "default", {
    metadata: { name: "a", labels },
    timestamp: new Date().toISOString(),
    containers: [{ usage: { cpu: "900m" } }],
  })
  const kubeconfig = join(folder, "kubeconfig")
  await writeFile(kubeconfig, server.kubeconfig("account"))
  const policies = join(folder, "policies.yaml")
  await writeFile(
    policies,
    "policies:\n  - { name: api-gateway, deployment: api-gateway, replicas: { min: 3, max: 10 }, write: act, step: { signal: { from: metrics.k8s.io, resource: cpu }, target: 70% } }\n",
  )
  const run = () => scaleCommand(["run", "--once", "--kubeconfig", kubeconfig, "--policies", policies], hostOf())
  const first = await run()
  // A second one finds lease and state, and updates them.
  const second = await run()
  const replicas = store.get(kind("deployments", "apps"), "default", "api-gateway").spec?.["replicas"]
  const events = server.core.writes.filter(({ path }) => path.endsWith("/events"))
  return first.exitCode === 0 && second.exitCode === 0 && replicas === 6 && events.length === 1
}

test("the role that is shipped is enough for a cycle that writes, and lets it write nothing else", async () => {
  expect(await runWith(permissionsOf(rules))).toBe(true)
  const writes = rules.filter(({ verbs }) => verbs.some((verb) => !["get", "list"].includes(verb)))
  expect(writes.flatMap((rule) => rule.resources).toSorted()).toEqual(
    ["configmaps", "configmaps", "deployments/scale", "events", "leases", "leases"].toSorted(),
  )
})

test("no rule of it can be spared", async () => {
  // A cluster without KEDA answers 404 to whoever asks; where it is there, the right is needed.
  for (const rule of rules) {
    const isEnough = await runWith(permissionsOf(rules.filter((each) => each !== rule)))
    expect([rule.resources, rule.verbs, isEnough]).toEqual([rule.resources, rule.verbs, false])
  }
}, 60_000)

test.each(["deployment.yaml", "cronjob.yaml"])("%s runs as nobody in particular, with the shipped account", (file) => {
  const text = readFileSync(`deploy/kubernetes/${file}`, "utf8")
  expect(documents(`deploy/kubernetes/${file}`)).toHaveLength(1)
  for (const needed of [
    "serviceAccountName: voltgate-scale",
    "runAsNonRoot: true",
    "readOnlyRootFilesystem: true",
    "drop: [ALL]",
  ]) {
    expect(text).toContain(needed)
  }
})
