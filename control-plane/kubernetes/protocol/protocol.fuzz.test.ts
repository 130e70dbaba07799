import { expect, test } from "vitest"
import type { ApiFault } from "../../../dev/kubernetes/faults.ts"
import { apiFaults } from "../../../dev/kubernetes/faults.ts"
import { policyOf } from "../decide/testing.ts"
import type { Reading } from "../sample.ts"
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

const policies = [
  "step: { signal: { from: metrics.k8s.io, resource: cpu }, target: 70% }\nup: { cooldown: 60s }\ndown: { cooldown: 60s }\nwrite: act",
  "target: { signal: { from: metrics.k8s.io, resource: cpu }, target: 50% }\ndown: { stabilization: 60s }\nactionsPerHour: 200\nwrite: act",
  "queue: { length: { from: redis-list, key: k }, ratePerReplica: 2, drain: 60s }\ndown: { stabilization: 30s }\nactionsPerHour: 200\nwrite: act",
].map(policyOf)
const cyclesEach = 1_200
const runs = 9

class Killed extends Error {}

/** A small generator of random numbers (mulberry32), so that a failure can be repeated. */
const seeded = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
}

/** One long life of a policy: faults, deaths, odd numbers, people, autoscalers; every write is held against the rules. */
const live = async (seed: number) => {
  const random = seeded(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const policy = policies[seed % policies.length]!
  const world = createWorld()
  const inner = createMemoryStateStore()
  const die = (chance: number): void => {
    if (random() < chance) throw new Killed()
  }
  const store: StateStore = {
    ...inner,
    save: async (next) => {
      die(0.01)
      // The history is no part of what is tried here, and would be copied each time.
      const saved = await inner.save({ ...next, state: { ...next.state, history: [] } })
      die(0.01)
      return saved
    },
  }
  world.core.store.create(deployments, "default", deploymentOf("web", 4))
  let [handAtMs, hasAutoscaler] = [Number.NEGATIVE_INFINITY, false]
  const violations: string[] = []
  let [written, killed, ids] = [0, 0, 0]
  const odd: readonly unknown[] = [Number.NaN, null, Number.POSITIVE_INFINITY, -1, 1e308, "", [], "NaN", undefined]
  let frozen: unknown
  const read = (): Reading => {
    const kind = random()
    if (kind < 0.1) return { kind: "no-data", reason: "empty", source: "test" }
    if (kind < 0.2) return readingOf(pick(odd), world.now())
    if (kind < 0.25) return readingOf(50, world.now() - 200_000, world.now())
    if (kind < 0.35) return readingOf((frozen ??= random() * 100), world.now())
    return readingOf(10 ** (random() * 3), world.now())
  }
  world.setCrash(() => die(0.004))
  world.setFault((path, method): ApiFault | undefined => {
    const isWrite = method === "PUT" && path.endsWith("/scale")
    if (isWrite) {
      // What the server is asked to do must be right whatever becomes of it afterwards.
      if (hasAutoscaler) violations.push("a write while an autoscaler owns the target")
      // Now and then somebody is quicker, at the last moment.
      if (random() < 0.02) setByHand(world, "web", 1 + Math.floor(random() * 12))
    }
    if (random() < 0.88) return undefined
    const fault = pick(apiFaults)
    return fault === "stale" && !path.includes("/deployments/") ? undefined : fault
  })
  /** A person's count that differs from what was there, and from what we were about to write, is theirs. */
  const byHand = async (count: number): Promise<void> => {
    const { state } = await inner.load()
    if (count !== replicasOf(world, "web") && count !== state.policies["web"]?.intent?.to) handAtMs = world.now()
    setByHand(world, "web", count)
  }
  for (let cycle = 0; cycle < cyclesEach; cycle++) {
    world.advance(15_000)
    if (random() < 0.01) await byHand(Math.floor(random() * 14))
    if (random() < 0.005) {
      if (hasAutoscaler) world.core.store.remove(autoscalers, "default", "web-hpa")
      else world.core.store.create(autoscalers, "default", autoscalerOf("web"))
      hasAutoscaler = !hasAutoscaler
    }
    // Nobody stays away for ever: a count of zero would end the life's story.
    if (replicasOf(world, "web") === 0 && random() < 0.05) await byHand(3)
    const writesBefore = world.core.writes.length
    try {
      await runCycle({
        policies: [policy],
        store,
        send: world.send,
        channels: ["slack"],
        readSource: async () => read(),
        now: world.now,
        newId: () => `id${++ids}`,
        event: async () => die(0.01),
      })
    } catch (error) {
      if (!(error instanceof Killed) && !(error instanceof StateConflict)) throw error
      killed++
    }
    const { state } = await inner.load()
    const known = state.policies["web"]
    for (const { method, path, body } of world.core.writes.slice(writesBefore)) {
      if (method !== "PUT" || !path.endsWith("/scale")) continue
      written++
      if (world.now() - handAtMs < 300_000) violations.push(`a write while a person's count holds`)
      const { replicas } = (JSON.parse(body) as { spec: { replicas: unknown } }).spec
      if (!Number.isSafeInteger(replicas) || Number(replicas) < 2 || Number(replicas) > 10)
        violations.push(`wrote ${String(replicas)}`)
      const isKnown = known?.intent?.to === replicas || known?.memory.changes.some(({ to }) => to === replicas)
      if (isKnown !== true) violations.push("a write without its intent")
    }
  }
  return { violations, written, killed }
}

test(
  "in ten thousand cycles of faults, deaths and odd numbers no write is out of bounds, unannounced, or against another owner",
  { timeout: 120_000 },
  async () => {
    let [written, killed] = [0, 0]
    for (let seed = 1; seed <= runs; seed++) {
      const life = await live(seed)
      expect(life.violations).toEqual([])
      written += life.written
      killed += life.killed
    }
    expect(runs * cyclesEach).toBeGreaterThanOrEqual(10_000)
    // Otherwise the test proved nothing.
    expect(written).toBeGreaterThan(300)
    expect(killed).toBeGreaterThan(300)
  },
)

test("a life of restarts decides as one without: the same readings give the same writes", async () => {
  const writesOf = async (restart: boolean): Promise<readonly string[]> => {
    const random = seeded(11)
    const world = createWorld()
    const inner = createMemoryStateStore()
    world.core.store.create(deployments, "default", deploymentOf("web", 4))
    let text = ""
    const store: StateStore = restart
      ? {
          ...inner,
          load: async () => {
            const { state, version } = await inner.load()
            text = JSON.stringify(state)
            return { state: JSON.parse(text) as typeof state, ...(version === undefined ? {} : { version }) }
          },
        }
      : inner
    for (let cycle = 0; cycle < 400; cycle++) {
      world.advance(15_000)
      const value = 60 + 50 * Math.sin(cycle / 40) + random() * 5
      // Dies after the write and before its record, every fifth time.
      let dying = restart && cycle % 5 === 0
      world.setFault((path, method) => {
        if (dying && method === "PUT" && path.endsWith("/scale"))
          world.setCrash(() => {
            world.setCrash(undefined)
            dying = false
            throw new Killed()
          })
        return undefined
      })
      await runCycle({
        policies: [policies[1]!],
        store,
        send: world.send,
        channels: ["slack"],
        readSource: async () => readingOf(value, world.now()),
        now: world.now,
        newId: () => "id",
        event: async () => undefined,
      }).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error
      })
    }
    return world.core.writes
      .filter(({ path }) => path.endsWith("/scale"))
      .map(({ body }) => (JSON.parse(body) as { spec: { replicas: number } }).spec.replicas.toString())
  }
  const [whole, restarted] = [await writesOf(false), await writesOf(true)]
  expect(whole.length).toBeGreaterThan(10)
  expect(restarted).toEqual(whole)
})
