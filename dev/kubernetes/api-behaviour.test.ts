import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { connectCluster } from "../../control-plane/kubernetes/client/kubeconfig-transport.ts"
import type { Transport } from "../../control-plane/kubernetes/client/transport.ts"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startApiServer } from "./start-api-server.ts"
import type { ApiServer } from "./start-api-server.ts"

/*
 * How a Kubernetes API server answers, where it matters to us. Runs against the server in this folder, or against a true
 * cluster whose kubeconfig VOLTGATE_TEST_KUBECONFIG names: in a namespace of its own, which it removes.
 */
const realKubeconfig = process.env["VOLTGATE_TEST_KUBECONFIG"]
const namespace = `voltgate-test-${randomUUID().slice(0, 8)}`
let server: ApiServer | undefined
let folder: string
let transport: Transport

const ask = async (method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown) => {
  const { status, text } = await transport({ method, path, ...(body === undefined ? {} : { body }) }, 10_000)
  return { status, body: JSON.parse(text) as Record<string, unknown> }
}
const apps = `/apis/apps/v1/namespaces/${namespace}/deployments`
const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`
const events = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voltgate-kube-"))
  let kubeconfig = realKubeconfig
  if (kubeconfig === undefined) {
    server = await startApiServer()
    kubeconfig = join(folder, "config")
    await writeFile(kubeconfig, server.kubeconfig())
  }
  transport = await connectCluster({ kubeconfig })
  await ask("POST", "/api/v1/namespaces", { metadata: { name: namespace } })
  const labels = { app: "web" }
  // No node takes it, so that a true cluster starts nothing.
  const spec = {
    nodeSelector: { "voltgate.dev/none": "true" },
    containers: [{ name: "web", image: "registry.invalid/none" }],
  }
  const { status } = await ask("POST", apps, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { replicas: 3, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  })
  if (status !== 201) throw new Error(`The deployment could not be made (${status}).`)
}, 60_000)
afterAll(async () => {
  await ask("DELETE", `/api/v1/namespaces/${namespace}`)
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

describe("/scale", () => {
  const scale = async () => (await ask("GET", `${apps}/web/scale`)).body
  test("a write at an old version is a conflict, at the present one it is done", async () => {
    const old = await scale()
    const next = { ...old, spec: { replicas: 4 } }
    expect((await ask("PUT", `${apps}/web/scale`, next)).body["spec"]).toEqual({ replicas: 4 })
    expect(await ask("PUT", `${apps}/web/scale`, { ...old, spec: { replicas: 5 } })).toMatchObject({
      status: 409,
      body: { kind: "Status", reason: "Conflict", code: 409 },
    })
  })
  test("null is taken for 0, and 0 is left out when read", async () => {
    const { status } = await ask("PUT", `${apps}/web/scale`, { ...(await scale()), spec: { replicas: null } })
    expect(status).toBe(200)
    expect((await scale())["spec"]).toEqual({})
  })
  test("a fraction and a text are refused", async () => {
    expect((await ask("PUT", `${apps}/web/scale`, { ...(await scale()), spec: { replicas: 2.5 } })).status).toBe(400)
    expect((await ask("PUT", `${apps}/web/scale`, { ...(await scale()), spec: { replicas: "3" } })).status).toBe(400)
  })
  test("a count below 0 is invalid", async () => {
    expect((await ask("PUT", `${apps}/web/scale`, { ...(await scale()), spec: { replicas: -1 } })).status).toBe(422)
  })
})

describe("leases and events", () => {
  const time = "2026-11-26T12:00:00.000000Z"
  const lease = (renewTime: string) => ({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "l" },
    spec: { holderIdentity: "a", leaseDurationSeconds: 15, renewTime },
  })
  test("a lease is made once", async () => {
    expect((await ask("POST", leases, lease(time))).status).toBe(201)
    expect((await ask("POST", leases, lease(time))).body).toMatchObject({ reason: "AlreadyExists", code: 409 })
  })
  test("an event's note has at most 1,024 characters", async () => {
    const event = (name: string, note: string) => ({
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name },
      eventTime: time,
      reportingController: "voltgate.dev/scale",
      reportingInstance: "test",
      action: "Scale",
      reason: "ScaledUp",
      type: "Normal",
      regarding: { kind: "Deployment", name: "web", namespace },
      note,
    })
    expect((await ask("POST", events, event("a", "x".repeat(1_024)))).status).toBe(201)
    expect((await ask("POST", events, event("b", "x".repeat(1_025)))).status).toBe(422)
  })
})

test("what is not there is a Status that says so", async () => {
  expect(await ask("GET", `${apps}/none`)).toMatchObject({
    status: 404,
    body: { kind: "Status", status: "Failure", reason: "NotFound", message: 'deployments.apps "none" not found' },
  })
})

test("we may ask what we may do", async () => {
  const { body } = await ask("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { verb: "get", group: "apps", resource: "deployments", namespace } },
  })
  expect(body["status"]).toMatchObject({ allowed: true })
})
