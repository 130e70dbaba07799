import { describe, expect, test } from "vitest"
import { newMemory } from "../decide/memory.ts"
import { emptyState } from "./state.ts"
import type { ScaleState } from "./state.ts"
import { StateConflict, StateUnreadable } from "./state-store.ts"
import type { StateStore } from "./state-store.ts"

const stateWith = (name: string): ScaleState => ({
  ...emptyState,
  policies: { [name]: { memory: newMemory(5), told: [], intent: { id: "i", atMs: 1, from: 2, to: 3 } } },
})

export interface Place {
  /** Each call opens the same place anew, as another process would. */
  readonly open: () => StateStore
  /** Puts something there that is no state. */
  readonly spoil: () => Promise<void>
}

/** What every store of the state promises. */
export const stateStoreSuite = (name: string, make: () => Promise<Place>): void => {
  describe(`state in ${name}`, () => {
    test("is empty at first, and outlives whoever kept it", async () => {
      const { open } = await make()
      const first = await open().load()
      expect(first).toEqual({ state: emptyState })
      await open().save({ ...first, state: stateWith("web") })
      expect((await open().load()).state).toEqual(stateWith("web"))
    })
    test("is kept only by who saw the last of it", async () => {
      const { open } = await make()
      const [one, other] = [open(), open()]
      const seen = await one.load()
      const kept = await other.save({ ...(await other.load()), state: stateWith("a") })
      await expect(one.save({ ...seen, state: stateWith("b") })).rejects.toThrow(StateConflict)
      const again = await other.save({ ...kept, state: stateWith("c") })
      await expect(one.save({ ...kept, state: stateWith("d") })).rejects.toThrow(StateConflict)
      expect((await one.load()).state).toEqual(stateWith("c"))
      await one.save({ ...again, state: stateWith("e") })
    })
    test("that cannot be read is an error, never an empty one", async () => {
      const { open, spoil } = await make()
      await open().save({ ...(await open().load()), state: stateWith("web") })
      await spoil()
      await expect(open().load()).rejects.toThrow(StateUnreadable)
    })
  })
}
