import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PGlite } from "@electric-sql/pglite"
import { PGLiteSocketServer } from "@electric-sql/pglite-socket"
import { afterAll, beforeAll, expect, test } from "vitest"
import { resources } from "../../../dev/kubernetes/objects.ts"
import { createConfigMapStateStore } from "./config-map-state-store.ts"
import { createFileStateStore } from "./file-state-store.ts"
import { createPostgresStateStore } from "./postgres-state-store.ts"
import { boundState, emptyState } from "./state.ts"
import type { HistoryEntry } from "./history-entry.ts"
import { stateStoreSuite } from "./state-store.suite.ts"
import { createWorld } from "./testing.ts"

const configMaps = resources.find(({ plural }) => plural === "configmaps")!
let folder: string
let database: PGlite
let server: PGLiteSocketServer
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voltgate-state-"))
  database = await PGlite.create()
  server = new PGLiteSocketServer({ db: database, port: 0, host: "127.0.0.1" })
  await server.start()
}, 60_000)
afterAll(async () => {
  await server.stop()
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

stateStoreSuite("a ConfigMap", async () => {
  const { core, send } = createWorld()
  return {
    open: () => createConfigMapStateStore(send, { namespace: "default", name: "voltgate-scale" }),
    spoil: async () => {
      const found = core.store.get(configMaps, "default", "voltgate-scale")
      core.store.replace(configMaps, "default", "voltgate-scale", { ...found, data: { "state.json": '{"version":2}' } })
    },
  }
})

stateStoreSuite("a file", async () => {
  const file = join(folder, `deep/state-${++files}.json`)
  return { open: () => createFileStateStore(file), spoil: () => writeFile(file, "{") }
})

stateStoreSuite("Postgres", async () => {
  const name = `place-${++files}`
  const port = Number(server.getServerConn().split(":").at(-1))
  return {
    open: () => createPostgresStateStore(`postgres://postgres@127.0.0.1:${port}/postgres`, name),
    spoil: async () => {
      await database.query("UPDATE voltgate.scale_state SET document = 'nonsense' WHERE name = $1", [name])
    },
  }
})

test("a history that outgrows a ConfigMap loses its oldest entries", () => {
  const entry = (index: number): HistoryEntry => ({
    id: String(index),
    at: new Date(index).toISOString(),
    policy: "web",
    namespace: "default",
    deployment: "web",
    values: { signal: 1 },
    readyReplicas: 1,
    decision: {
      direction: "hold",
      currentReplicas: 1,
      desiredReplicas: 1,
      code: "within-target",
      reasons: ["x".repeat(900)],
    },
    outcome: { kind: "held" },
  })
  const { history } = boundState({ ...emptyState, history: Array.from({ length: 1_500 }, (_, index) => entry(index)) })
  expect(JSON.stringify(history).length).toBeLessThan(700_000)
  expect(history.at(-1)?.id).toBe("1499")
  expect(history.length).toBeGreaterThan(300)
})
