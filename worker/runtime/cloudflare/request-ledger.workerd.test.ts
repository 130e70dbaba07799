import { env } from "cloudflare:workers"
import { beforeAll, describe, expect, test, vi } from "vitest"
import type { LedgerEntry } from "../../../contract/ledger.ts"
import { requestLedgerSuite } from "../../ports/request-ledger.suite.ts"
import { createCloudflareRequestLedger } from "./request-ledger.ts"

const start = () => {
  let at = Date.now()
  const now = (): number => at
  const pass = (ms: number): void => {
    at += ms
  }
  return { ledger: createCloudflareRequestLedger(env.LEDGER, { now, log: () => undefined }), now, pass }
}

// Loading the object's code for the first time takes longer here than the ledger waits.
beforeAll(async () => {
  await env.LEDGER.get(env.LEDGER.idFromName("first")).rate("none", 1, 0)
}, 60_000)

requestLedgerSuite("Durable Object", start)

const entry = (requestId: string): LedgerEntry => ({
  requestId,
  tenant: "acme",
  queryType: "ocr",
  candidates: [],
  answeredAt: 0,
})

describe("what one isolate tells the object", () => {
  /** An object that answers when it is told to. */
  const slow = () => {
    const calls: { readonly ids: readonly string[]; readonly end: () => void; readonly fail: (why: Error) => void }[] =
      []
    const lines: Readonly<Record<string, unknown>>[] = []
    let at = 1_000
    const ledger = createCloudflareRequestLedger(
      {
        idFromName: (name: string) => name,
        get: () => ({
          remember: (entries: unknown) => {
            const { promise, resolve, reject } = Promise.withResolvers<void>()
            calls.push({
              ids: (entries as readonly LedgerEntry[]).map(({ requestId }) => requestId),
              end: resolve,
              fail: reject,
            })
            return promise
          },
          rate: async () => undefined,
        }),
      },
      { now: () => at, log: (line) => lines.push(line) },
    )
    return { calls, ledger, lines, pass: (ms: number) => (at += ms) }
  }

  test("what comes while a call is on its way goes with the next", async () => {
    const { calls, ledger } = slow()
    const writing = ledger.remember(entry("a"))
    await Promise.all(["b", "c", "d"].map((id) => ledger.remember(entry(id))))
    expect(calls.map(({ ids }) => ids)).toEqual([["a"]])
    calls[0]?.end()
    await vi.waitFor(() => expect(calls).toHaveLength(2))
    expect(calls[1]?.ids).toEqual(["b", "c", "d"])
    calls[1]?.end()
    await writing
  })

  test("when the object is away, requests wait for the next, and the log says so", async () => {
    const { calls, ledger, lines, pass } = slow()
    const failing = ledger.remember(entry("a"))
    calls[0]?.fail(new Error("away"))
    await failing
    expect(lines).toEqual([expect.objectContaining({ message: "requests not remembered", waiting: 1 })])
    await ledger.remember(entry("b"))
    expect(calls).toHaveLength(1)
    pass(2_300)
    void ledger.remember(entry("c"))
    expect(calls[1]?.ids).toEqual(["a", "b", "c"])
  })

  test("a request that dies in mid-call does not keep the others from being written", async () => {
    const { calls, ledger, pass } = slow()
    void ledger.remember(entry("a"))
    pass(2_300)
    void ledger.remember(entry("b"))
    expect(calls[1]?.ids).toEqual(["a", "b"])
  })
})
