import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { resources } from "../../../dev/kubernetes/objects.ts"
import { startApiServer } from "../../../dev/kubernetes/start-api-server.ts"
import type { ApiServer } from "../../../dev/kubernetes/start-api-server.ts"
import { deploymentOf } from "../protocol/testing.ts"
import { connectCluster } from "./kubeconfig-transport.ts"
import { readQuantity } from "./quantity.ts"
import { getScale, putScale } from "./scale.ts"
import { createSend } from "./send.ts"
import type { Send } from "./send.ts"

const deployments = resources.find(({ plural }) => plural === "deployments")!
const target = { namespace: "default", deployment: "web" }
const readOnly = [{ verb: "get", group: "apps", resource: "deployments/scale" }]
let server: ApiServer
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voltgate-client-"))
  server = await startApiServer({
    tokens: { good: [{ verb: "*", group: "apps", resource: "*" }], weak: readOnly },
    slowMs: 3_000,
  })
  server.core.store.create(deployments, "default", deploymentOf("web", 3))
})
afterEach(() => server.setFault(undefined))
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const sendWith = async (kubeconfig: string, deadlineMs = 1_500): Promise<Send> => {
  const file = join(folder, `config-${Math.random()}`)
  await writeFile(file, kubeconfig)
  const transport = await connectCluster({ kubeconfig: file })
  return createSend({
    transport,
    deadlineMs,
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  })
}

test("reads and writes a count with a token", async () => {
  const send = await sendWith(server.kubeconfig("good"))
  const { replicas, resourceVersion } = await getScale(send, target)
  expect(replicas).toBe(3)
  expect(await putScale(send, target, { replicas: 4, resourceVersion })).toMatchObject({ replicas: 4 })
  await expect(putScale(send, target, { replicas: 5, resourceVersion })).rejects.toMatchObject({ code: "conflict" })
})

test.each([Number.NaN, 0, -1, 2.5, Number.POSITIVE_INFINITY])("never sends a count of %d", async (replicas) => {
  const send: Send = () => Promise.reject(new Error("something was sent"))
  await expect(putScale(send, target, { replicas, resourceVersion: "1" })).rejects.toThrow(RangeError)
})

test("a token that an exec plugin gives is used, and asked for anew when it ran out", async () => {
  const plugin = join(folder, "plugin.sh")
  const counter = join(folder, "count")
  await writeFile(
    plugin,
    `#!/bin/sh\necho x >> ${counter}\necho '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"good","expirationTimestamp":"2020-01-01T00:00:00Z"}}'\n`,
  )
  await chmod(plugin, 0o755)
  const config = server
    .kubeconfig()
    .replace(
      /user: \{ token: .*? \}/,
      `user: { exec: { apiVersion: client.authentication.k8s.io/v1, command: "${plugin}", interactiveMode: Never } }`,
    )
  const send = await sendWith(config, 5_000)
  await getScale(send, target)
  await getScale(send, target)
  expect((await readFile(counter, "utf8")).split("\n").length - 1).toBe(2)
})

describe("what goes wrong is told with its cure", () => {
  test("a wrong token", async () => {
    const send = await sendWith(server.kubeconfig("bad"))
    await expect(getScale(send, target)).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining("Check the user's token"),
    })
  })
  test("a right that is missing, with the verb and what it was for", async () => {
    const send = await sendWith(server.kubeconfig("weak"))
    const { resourceVersion } = await getScale(send, target)
    await expect(putScale(send, target, { replicas: 4, resourceVersion })).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringMatching(/cannot update resource "deployments\/scale".*rbac\.yaml/),
    })
  })
  test("a deployment that is not there", async () => {
    const send = await sendWith(server.kubeconfig("good"))
    await expect(getScale(send, { ...target, deployment: "none" })).rejects.toMatchObject({ code: "not-found" })
  })
  test("a server that never answers", async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve))
    const { port } = silent.address() as AddressInfo
    const send = await sendWith(server.kubeconfig("good").replace(/http:\/\/[^"]+/, `http://127.0.0.1:${port}`), 400)
    await expect(getScale(send, target)).rejects.toMatchObject({ code: "timeout" })
    silent.close()
  })
  test("nobody there", async () => {
    const send = await sendWith(server.kubeconfig("good").replace(/http:\/\/[^"]+/, "http://127.0.0.1:1"))
    await expect(getScale(send, target)).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("nothing listens there"),
    })
  })
  test.each([
    ["a file that is none", "/none/at/all"],
    ["a context that is none", undefined],
  ])("%s", async (_, kubeconfig) => {
    const file = join(folder, "good")
    await writeFile(file, server.kubeconfig())
    await expect(
      connectCluster(kubeconfig === undefined ? { kubeconfig: file, context: "nowhere" } : { kubeconfig }),
    ).rejects.toMatchObject({ code: "no-config" })
  })
})

describe("tries again", () => {
  const failing = (times: number, fault: "500" | "429" | "cut-before"): (() => number) => {
    let asked = 0
    server.setFault(() => (++asked <= times ? fault : undefined))
    return () => asked
  }
  test("a read, up to three times", async () => {
    const send = await sendWith(server.kubeconfig("good"))
    const asked = failing(2, "500")
    expect((await getScale(send, target)).replicas).toBeGreaterThan(0)
    expect(asked()).toBe(3)
  })
  test("after as long as the server asks, if the deadline allows that", async () => {
    const patient = await sendWith(server.kubeconfig("good"), 3_000)
    failing(1, "429")
    await getScale(patient, target)
    const hasty = await sendWith(server.kubeconfig("good"), 500)
    failing(1, "429")
    await expect(getScale(hasty, target)).rejects.toMatchObject({ code: "too-many-requests" })
  })
  test("never a write", async () => {
    const send = await sendWith(server.kubeconfig("good"))
    const { resourceVersion } = await getScale(send, target)
    const asked = failing(1, "500")
    await expect(putScale(send, target, { replicas: 4, resourceVersion })).rejects.toMatchObject({
      code: "server-error",
    })
    expect(asked()).toBe(1)
  })
})

test.each([
  ["250m", 0.25],
  ["128974848", 128_974_848],
  ["129M", 129e6],
  ["123Mi", 128_974_848],
  ["1e3", 1_000],
  ["350000000n", 0.35],
  ["1.5", 1.5],
  ["", undefined],
  ["1X", undefined],
  ["m", undefined],
])("the quantity %s is %d", (text, value) => {
  const read = readQuantity(text)
  if (value === undefined) expect(read).toBeUndefined()
  else expect(read).toBeCloseTo(value, 9)
})
