import { expect, test } from "vitest"
import type { Member } from "../worker/cache/group.ts"
import { createGroupMemory } from "./group-memory.ts"

const member = (id: string): Member => ({
  near: { id, question: "Which?", embedder: "e", vector: new Int8Array(1_000), answerHash: "h", writtenAt: 0 },
  expiresAt: 1,
  stamp: "b.0",
  labels: [],
  usedAt: 0,
})

test("what was longest unused leaves when there are too many bytes, and what is too large is not kept", () => {
  const memory = createGroupMemory(4_000)
  memory.set("one", [member("a")])
  memory.set("two", [member("b")])
  memory.get("one")
  memory.set("three", [member("c")])
  expect(memory.get("two")).toBeUndefined()
  expect(memory.get("one")).toHaveLength(1)
  memory.set("large", ["a", "b", "c", "d"].map(member))
  expect(memory.get("large")).toBeUndefined()
})

test("a group that is set again counts once", () => {
  const memory = createGroupMemory(4_000)
  for (let times = 0; times < 10; times++) memory.set("one", [member("a")])
  memory.set("two", [member("b")])
  expect(memory.get("one")).toHaveLength(1)
})

test("nothing is left when it is cleared", () => {
  const memory = createGroupMemory()
  memory.set("one", [member("a")])
  memory.clear()
  expect(memory.get("one")).toBeUndefined()
})
