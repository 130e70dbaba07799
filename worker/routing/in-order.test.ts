import { expect, test } from "vitest"
import { seededRandom } from "../../dev/simulated-providers/seeded.ts"
import { inOrder } from "./in-order.ts"

test("sorts as the built-in sort does, equals in the order in which they came", () => {
  const random = seededRandom("in order")
  for (let length = 0; length < 40; length++) {
    const entries = Array.from({ length }, (_, place) => ({ place, key: Math.floor(random() * 9) }))
    expect(inOrder(entries, (one, other) => one.key < other.key)).toEqual(entries.toSorted((a, b) => a.key - b.key))
  }
})
