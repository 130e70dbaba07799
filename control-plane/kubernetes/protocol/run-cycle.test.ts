import { beforeEach, describe, expect, test } from "vitest"
import type { Notice } from "../../notifications/notice.ts"
import { emptyOutbox } from "../../notifications/outbox.ts"
import { policyOf } from "../decide/testing.ts"
import type { Policy } from "../policies/policy.ts"
import type { Reading } from "../sample.ts"
import type { HistoryEntry } from "./history-entry.ts"
import { createMemoryStateStore } from "./memory-state-store.ts"
import { runCycle } from "./run-cycle.ts"
import { StateConflict } from "./state-store.ts"
import type { StateStore } from "./state-store.ts"
import {
  autoscalerOf,
  autoscalers,
  createWorld,
  deploymentOf,
  deployments,
  readingOf,
  replicasOf,
  setByHand,
} from "./testing.ts"
import type { World } from "./testing.ts"

const policy = policyOf(
  "step: { signal: { from: metrics.k8s.io, resource: cpu }, target: 70% }\nup: { cooldown: 300s }\ndown: { cooldown: 600s }\nwrite: act",
)

let world: World
let store: StateStore
let notices: Notice[]
let events: HistoryEntry[]
let value: unknown
let ids: number

beforeEach(() => {
  world = createWorld()
  store = createMemoryStateStore()
  notices = []
  events = []
  value = 90
  ids = 0
  world.core.store.create(deployments, "default", deploymentOf("web", 4))
})

const cycle = async (
  given: {
    readonly policy?: Policy
    readonly read?: () => Reading
    readonly store?: StateStore
    readonly afterS?: number
  } = {},
): Promise<HistoryEntry> => {
  world.advance((given.afterS ?? 15) * 1_000)
  const [entry] = await runCycle({
    policies: [given.policy ?? policy],
    store: given.store ?? store,
    send: world.send,
    channels: ["slack"],
    readSource: async () => given.read?.() ?? readingOf(value, world.now()),
    now: world.now,
    newId: () => `id${++ids}`,
    event: async (each) => void events.push(each),
  })
  await takeNotices(given.store ?? store)
  return entry!
}
/** As if they were delivered at once. */
const takeNotices = async (from: StateStore): Promise<void> => {
  const { state, version } = await from.load()
  notices.push(...state.outbox.entries.map(({ notice }) => notice))
  await from.save({ state: { ...state, outbox: emptyOutbox }, ...(version === undefined ? {} : { version }) })
}
const summary = ({ decision, outcome }: HistoryEntry) => [
  decision.code,
  outcome.kind === "refused" ? outcome.refusal : outcome.kind,
  replicasOf(world, "web"),
]

test("writes what it decided, tells it, and waits for its cooldown afterwards", async () => {
  expect(summary(await cycle())).toEqual(["above-target", "written", 6])
  expect(notices.map(({ title }) => title)).toEqual(["web: 4 → 6 replicas"])
  expect(events).toHaveLength(1)
  expect(summary(await cycle())).toEqual(["cooldown", "held", 6])
  expect(summary(await cycle({ afterS: 301 }))).toEqual(["above-target", "written", 9])
})

test("the intent is kept before the write", async () => {
  let intentAtWrite: unknown
  world.setFault((path, method) => {
    if (method === "PUT" && path.endsWith("/scale")) intentAtWrite = structuredClone(kept)
    return undefined
  })
  let kept: unknown
  const watched: StateStore = {
    ...store,
    save: async (next) => {
      kept = next.state.policies["web"]?.intent
      return store.save(next)
    },
  }
  await cycle({ store: watched })
  expect(intentAtWrite).toMatchObject({ from: 4, to: 6 })
  expect(kept).toBeUndefined()
})

describe("who else has a say", () => {
  test("an autoscaler on the same deployment: nothing is written from the next cycle on, and it is told once", async () => {
    world.core.store.create(autoscalers, "default", autoscalerOf("web"))
    for (let i = 0; i < 5; i++) expect(summary(await cycle())).toEqual(["above-target", "other-owner", 4])
    expect(notices.map(({ body }) => body)).toEqual([
      "The HorizontalPodAutoscaler web-hpa scales the same deployment: remove one of the two.",
    ])
  })
  test("an autoscaler of another deployment is none of our business", async () => {
    world.core.store.create(autoscalers, "default", autoscalerOf("other"))
    expect(summary(await cycle())).toEqual(["above-target", "written", 6])
  })
  test("a person's count is left alone for the policy's longest window", async () => {
    value = 60
    await cycle()
    setByHand(world, "web", 9)
    value = 10
    expect(summary(await cycle())).toEqual(["first-window", "changed-by-another", 9])
    value = 90
    expect(summary(await cycle({ afterS: 580 }))).toEqual(["above-target", "changed-by-another", 9])
    expect(notices).toHaveLength(1)
    expect(summary(await cycle({ afterS: 30 }))).toEqual(["above-target", "written", 10])
  })
  test("zero replicas are a person's doing, and stay", async () => {
    setByHand(world, "web", 0)
    for (let i = 0; i < 3; i++) expect(summary(await cycle()).slice(1)).toEqual(["zero-replicas", 0])
  })
  test("a stuck rollout is not fed", async () => {
    const found = world.core.store.get(deployments, "default", "web")
    const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }]
    world.core.store.replace(deployments, "default", "web", { ...found, status: { ...found.status, conditions } })
    expect(summary(await cycle())).toEqual(["above-target", "rollout-stuck", 4])
  })
  test("a pause by annotation holds", async () => {
    const found = world.core.store.get(deployments, "default", "web")
    const metadata = { ...found.metadata, annotations: { "voltgate.dev/paused": "true" } }
    world.core.store.replace(deployments, "default", "web", { ...found, metadata })
    expect(summary(await cycle())).toEqual(["above-target", "paused", 4])
  })
  test("a deployment that is not there is said so", async () => {
    world.core.store.remove(deployments, "default", "web")
    const { outcome } = await cycle()
    expect(outcome).toEqual({
      kind: "refused",
      refusal: "target-missing",
      reason: "There is no deployment default/web.",
    })
  })
})

test("a policy that observes says what it would do, and writes nothing", async () => {
  const entry = await cycle({ policy: { ...policy, write: "observe" } })
  expect(summary(entry)).toEqual(["above-target", "observed", 4])
  expect(world.core.writes).toEqual([])
})

test.each([Number.NaN, null, Number.POSITIVE_INFINITY, -1, 1e308, "", [], "NaN", undefined])(
  "a reading of %j changes nothing",
  async (odd) => {
    value = odd
    const entry = await cycle()
    expect(entry.outcome.kind === "held" || replicasOf(world, "web") === 6).toBe(true)
    expect(odd === 1e308 || entry.outcome.kind === "held").toBe(true)
  },
)

test("after ten minutes without a believable number people hear of it, once", async () => {
  value = Number.NaN
  for (let i = 0; i < 60; i++) await cycle()
  expect(notices.map(({ title }) => title)).toEqual(["web has had no number to go by for 10 minutes"])
})

test("the second source is asked where the first is not believed", async () => {
  const two = policyOf(
    "step: { signal: { from: metrics.k8s.io, resource: cpu, fallback: { from: prometheus, url: http://p, query: q, unit: percent } }, target: 70% }\nwrite: act",
  )
  const [entry] = await runCycle({
    policies: [two],
    store,
    send: world.send,
    channels: ["slack"],
    readSource: async (source) =>
      source.from === "prometheus"
        ? readingOf(95, world.now())
        : { kind: "no-data", reason: "no pods", source: source.from },
    now: world.now,
    newId: () => "id",
    event: async () => undefined,
  })
  expect(summary(entry!)).toEqual(["above-target", "written", 6])
})

describe("when the write goes wrong", () => {
  const onPut = (fault: "500" | "cut-before" | "cut-after" | "slow" | "429"): void =>
    world.setFault((path, method) => (method === "PUT" && path.endsWith("/scale") ? fault : undefined))

  test("a connection cut after the write is found out by reading back", async () => {
    onPut("cut-after")
    expect(summary(await cycle())).toEqual(["above-target", "written", 6])
  })
  test.each(["500", "cut-before", "429"] as const)("%s: it is tried again in the next cycle, once", async (fault) => {
    onPut(fault)
    expect(summary(await cycle())).toEqual(["above-target", "failed", 4])
    world.setFault(undefined)
    expect(summary(await cycle())).toEqual(["above-target", "written", 6])
    expect(notices.map(({ title }) => title)).toEqual(["web: 4 → 6 replicas could not be set", "web: 4 → 6 replicas"])
  })
  test("a version that moved while the count stayed is tried once more", async () => {
    let touched = false
    world.setFault((path, method) => {
      if (method === "PUT" && path.endsWith("/scale") && !touched) {
        touched = true
        const found = world.core.store.get(deployments, "default", "web")
        world.core.store.replace(deployments, "default", "web", {
          ...found,
          metadata: { ...found.metadata, labels: { a: "b" } },
        })
      }
      return undefined
    })
    expect(summary(await cycle())).toEqual(["above-target", "written", 6])
  })
  test("a count that somebody set at the same time stays", async () => {
    world.setFault((path, method) => {
      if (method === "PUT" && path.endsWith("/scale")) setByHand(world, "web", 5)
      return undefined
    })
    expect(summary(await cycle())).toEqual(["above-target", "overtaken", 5])
    world.setFault(undefined)
    expect(summary(await cycle())).toEqual(["above-target", "changed-by-another", 5])
  })
})

test("a process that dies between the write and its record has its change known by the next", async () => {
  world.setFault((path, method) => {
    if (method === "PUT" && path.endsWith("/scale")) world.setCrash(crashing)
    return undefined
  })
  const crashing = (): void => {
    world.setCrash(undefined)
    world.setFault(undefined)
    throw new Error("killed")
  }
  await expect(cycle()).rejects.toThrow("killed")
  expect(replicasOf(world, "web")).toBe(6)
  expect(summary(await cycle())).toEqual(["cooldown", "held", 6])
  const { state } = await store.load()
  expect(state.policies["web"]?.memory.changes).toMatchObject([{ from: 4, to: 6 }])
})

test("an instance that was overtaken writes nothing", async () => {
  const late: StateStore = {
    ...store,
    load: async () => {
      const seen = await store.load()
      await store.save({ ...seen, state: { ...seen.state, history: [] } })
      return seen
    },
  }
  await expect(cycle({ store: late })).rejects.toThrow(StateConflict)
  expect(replicasOf(world, "web")).toBe(4)
})

test("a pin is written within the bounds, through the same protocol", async () => {
  await cycle({ policy: { ...policy, write: "observe" } })
  const { state, version } = await store.load()
  const pin = { replicas: 50, untilMs: world.now() + 3_600_000, reason: "the fair" }
  await store.save({
    state: { ...state, policies: { web: { ...state.policies["web"]!, pin } } },
    ...(version === undefined ? {} : { version }),
  })
  expect(summary(await cycle())).toEqual(["pinned", "written", 10])
  value = 1
  expect(summary(await cycle({ afterS: 3_000 }))).toEqual(["pinned", "held", 10])
  expect(summary(await cycle({ afterS: 700 }))).toEqual(["below-target", "written", 8])
})
