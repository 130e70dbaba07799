import { expect, test } from "vitest"
import { requestLedgerSuite } from "../../ports/request-ledger.suite.ts"
import { createMemoryRequestLedger } from "./request-ledger.ts"

const start = (maxEntries?: number) => {
  let at = 1_000_000
  const now = (): number => at
  const pass = (ms: number): void => {
    at += ms
  }
  return { ledger: createMemoryRequestLedger({ now, ...(maxEntries === undefined ? {} : { maxEntries }) }), now, pass }
}

requestLedgerSuite("memory", () => start())

test("a full ledger forgets the oldest", async () => {
  const { ledger, now } = start(2)
  for (const requestId of ["a", "b", "c"]) {
    await ledger.remember({ requestId, tenant: "t", queryType: "ocr", candidates: [], answeredAt: now() })
  }
  const found = await Promise.all(["a", "b", "c"].map((id) => ledger.rate("t", id, 1)))
  expect(found.map((rated) => rated?.entry.requestId)).toEqual([undefined, "b", "c"])
})
