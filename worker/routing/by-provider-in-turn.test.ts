import { expect, test } from "vitest"
import { byProviderInTurn } from "./by-provider-in-turn.ts"
import { modelId, parseModelRef } from "./model-ref.ts"

const order = (...ids: readonly string[]): readonly string[] =>
  byProviderInTurn(ids.map(parseModelRef).filter((ref) => ref !== undefined)).map(modelId)

test("each provider's best comes before any provider's second best, and else the order stays", () => {
  expect(order("a/1", "a/2", "b/1", "a/3", "b/2", "c/1")).toEqual(["a/1", "b/1", "c/1", "a/2", "b/2", "a/3"])
  expect(order("a/1", "a/2")).toEqual(["a/1", "a/2"])
  expect(order()).toEqual([])
})
