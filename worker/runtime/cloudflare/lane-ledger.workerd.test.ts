import { env } from "cloudflare:workers"
import { beforeAll, describe, expect, test } from "vitest"
import type { LaneBook, LaneNews } from "../../../contract/lanes.ts"
import { finding, freshTenant, laneLedgerSuite } from "../../ports/lane-ledger.suite.ts"
import { createCloudflareLaneLedger } from "./lane-ledger.ts"
import type { LaneNamespace } from "./lane-ledger.ts"

/** The first object loads the whole Worker, which takes longer than any deadline. */
beforeAll(async () => {
  await env.LANES.get(env.LANES.newUniqueId()).sync({ delta: 0.02, counts: {}, findings: [], pairs: [], judged: 0 })
}, 60_000)

const ledgerOn = <Id>(namespace: LaneNamespace<Id>, now: () => number = Date.now, lines: unknown[] = []) =>
  createCloudflareLaneLedger(namespace, { now, delta: 0.02, log: (line) => lines.push(line) })

laneLedgerSuite("cloudflare, with the Durable Object", () => ledgerOn(env.LANES))

test("what one isolate finds closes the lane in the others", async () => {
  const tenant = freshTenant()
  const [one, other] = [ledgerOn(env.LANES), ledgerOn(env.LANES)]
  for (let wrong = 0; wrong < 3; wrong++) one.learn(tenant, finding({ right: false }))
  await one.sync(tenant)
  await other.sync(tenant)
  expect(other.book(tenant).lanes["count"]).toMatchObject({ open: false, wrongEver: 3 })
})

describe("sharing", () => {
  const empty: LaneBook = { lanes: {}, pairs: [], judged: 0 }
  /** An object that notes what it is told, and answers as the test wants. */
  const noting = (answer: () => Promise<LaneBook>) => {
    const told: LaneNews[] = []
    const namespace: LaneNamespace<string> = {
      idFromName: (name) => name,
      get: () => ({
        sync: (news) => {
          told.push(structuredClone(news as LaneNews))
          return answer()
        },
      }),
    }
    return { told, namespace }
  }
  const away = async (): Promise<never> => {
    throw new Error("Network connection lost.")
  }

  test("is rare: every 2 s with news, every 10 s without", async () => {
    let at = 0
    const { told, namespace } = noting(async () => empty)
    const ledger = ledgerOn(namespace, () => at)
    const syncedAt: number[] = []
    for (; at < 25_000; at += 500) {
      if (at < 6_000) ledger.count("acme", "count", "hit")
      const before = told.length
      await ledger.sync("acme")
      if (told.length > before) syncedAt.push(at)
    }
    expect(syncedAt).toEqual([0, 2_000, 4_000, 6_000, 16_000])
  })

  test("that fails loses no news, and tells them once it is back", async () => {
    let at = 0
    let back = false
    const lines: unknown[] = []
    const { told, namespace } = noting(() => (back ? Promise.resolve(empty) : away()))
    const ledger = ledgerOn(namespace, () => at, lines)
    ledger.count("acme", "count", "hit")
    ledger.learn("acme", finding())
    await ledger.sync("acme")
    ledger.count("acme", "count", "hit")
    expect(lines).toEqual([{ message: "lane news not shared", error: "Error: Network connection lost." }])
    back = true
    at += 2_000
    await ledger.sync("acme")
    expect(told[1]).toMatchObject({ counts: { count: { hit: 2 } }, findings: [finding()] })
    expect(ledger.book("acme")).toEqual(empty)
  })

  test("news that come while it is under way are told the next time, and count here meanwhile", async () => {
    let at = 0
    const answer = Promise.withResolvers<LaneBook>()
    const { told, namespace } = noting(() => answer.promise)
    const ledger = ledgerOn(namespace, () => at)
    const syncing = ledger.sync("acme")
    ledger.count("acme", "count", "hit")
    answer.resolve(empty)
    await syncing
    expect(ledger.book("acme").lanes["count"]?.counts).toEqual({ hit: 1 })
    at += 2_000
    await ledger.sync("acme")
    expect(told[1]?.counts).toEqual({ count: { hit: 1 } })
  })

  test("tells no more than the object takes, however long it was away", async () => {
    let at = 0
    const { told, namespace } = noting(away)
    const ledger = ledgerOn(namespace, () => at)
    for (let each = 0; each < 700; each++) ledger.learn("acme", finding({ bin: each % 30 }))
    for (; at < 8_000; at += 2_000) await ledger.sync("acme")
    expect(told.map(({ findings }) => findings.length)).toEqual([500, 500, 500, 500])
  })
})
