import { expect, test } from "vitest"
import { historyEntry, historySuite } from "../../ports/history.suite.ts"
import { createMemoryHistory } from "./history.ts"

historySuite("memory", () => {
  const history = createMemoryHistory()
  const find = async (id: string) => history.entries().filter(({ record }) => record.requestId === id)
  return { history, find }
})

test("a full history forgets the oldest", async () => {
  const history = createMemoryHistory({ maxEntries: 2 })
  const tenants = ["first", "second", "third"]
  for (const tenant of tenants) await history.remember(historyEntry({ tenant }))
  expect(history.entries().map(({ tenant }) => tenant)).toEqual(["second", "third"])
})
