import { expect, test } from "vitest"
import { policyOf } from "../decide/testing.ts"
import { createMemoryStateStore } from "./memory-state-store.ts"
import { createScaler } from "./scaler.ts"
import type { Scaler } from "./scaler.ts"
import type { StateStore } from "./state-store.ts"
import { createWorld, deploymentOf, deployments, leases, readingOf } from "./testing.ts"

const policy = policyOf(
  "target: { signal: { from: metrics.k8s.io, resource: cpu }, target: 50% }\nup: { cooldown: 60s }\ndown: { stabilization: 60s }\nactionsPerHour: 1000\nwrite: act",
)
const leaseMs = 25_000

const setUp = () => {
  const world = createWorld()
  world.core.store.create(deployments, "default", deploymentOf("web", 4))
  let value = 50
  const inner = createMemoryStateStore()
  // The history is no part of what is tried here, and would be copied each time.
  const store: StateStore = { ...inner, save: (next) => inner.save({ ...next, state: { ...next.state, history: [] } }) }
  const scaler = (identity: string): Scaler =>
    createScaler({
      policies: [policy],
      send: world.send,
      readSource: async () => readingOf(value, world.now()),
      store,
      channels: [],
      lease: { namespace: "default", name: "voltgate-scale" },
      identity,
      leaseMs,
      now: world.now,
      newId: () => `${identity}-${world.now()}`,
    })
  return { world, scaler, setValue: (next: number) => (value = next) }
}
const scaleWrites = (world: ReturnType<typeof createWorld>) =>
  world.core.writes.filter(({ path }) => path.endsWith("/scale")).length

test("of two instances one works; when it dies, the other takes over within 30 s; no step is made twice, in a thousand cycles", async () => {
  const { world, scaler, setValue } = setUp()
  let [leader, follower] = [scaler("a0"), scaler("b0")]
  let [deaths, longestS] = [0, 0]
  for (let cycle = 0; cycle < 1_000; cycle++) {
    // One step up is due each time, whoever makes it; then the cooldown forbids another.
    setValue(cycle % 20 < 10 ? 90 : 20)
    const before = scaleWrites(world)
    const results = await Promise.all([leader.runOnce(), follower.runOnce()])
    expect(results.filter(({ kind }) => kind === "ran")).toHaveLength(1)
    expect(scaleWrites(world) - before).toBeLessThanOrEqual(1)
    if (results[1].kind === "ran") [leader, follower] = [follower, leader]
    // Who waits looks more often than who works.
    expect((await follower.runOnce()).kind).toBe("not-leading")
    world.advance(15_000)
    if (cycle % 25 !== 24) continue
    // The leader dies without a word.
    deaths++
    leader = follower
    follower = scaler(`c${cycle}`)
    for (let s = 0; ; s += 4) {
      if ((await leader.runOnce()).kind === "ran") {
        longestS = Math.max(longestS, s + 15)
        break
      }
      expect(s).toBeLessThan(60)
      world.advance(4_000)
    }
  }
  expect(deaths).toBe(40)
  // From the last renewal, of which 15 s had gone by when it died.
  expect(longestS).toBeLessThanOrEqual(30)
}, 60_000)

test("a lease is not taken while its holder renews it, whatever its clock says", async () => {
  const { world, scaler } = setUp()
  const [a, b] = [scaler("a"), scaler("b")]
  await a.runOnce()
  // The holder's clock is a day behind: its times look long gone, yet they move.
  for (let i = 0; i < 10; i++) {
    world.advance(15_000)
    const lease = world.core.store.get(leases, "default", "voltgate-scale")
    expect((await b.runOnce()).kind).toBe("not-leading")
    world.core.store.replace(leases, "default", "voltgate-scale", {
      ...lease,
      spec: { ...lease.spec, renewTime: new Date(world.now() - 86_400_000).toISOString().replace("Z", "000Z") },
    })
  }
})

test("a lease that was given back is free at once", async () => {
  const { scaler } = setUp()
  const [a, b] = [scaler("a"), scaler("b")]
  await a.runOnce()
  expect((await b.runOnce()).kind).toBe("not-leading")
  await a.release()
  expect((await b.runOnce()).kind).toBe("ran")
})

test("an Event tells what was written, in no more characters than the server takes", async () => {
  const { world, scaler, setValue } = setUp()
  setValue(95)
  await scaler("a").runOnce()
  const events = world.core.writes.filter(({ path }) => path.endsWith("/events"))
  expect(events).toHaveLength(1)
  expect(JSON.parse(events[0]!.body)).toMatchObject({
    reason: "ScaledUp",
    type: "Normal",
    regarding: { kind: "Deployment", name: "web" },
  })
})
