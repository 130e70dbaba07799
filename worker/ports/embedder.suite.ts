import { describe, expect, test } from "vitest"
import { cosine } from "../cache/near/vector.ts"
import type { Embedder } from "./embedder.ts"

const live = (): AbortSignal => new AbortController().signal
const only = async (embedder: Embedder, text: string): Promise<Int8Array> => {
  const [vector] = await embedder.embed([text], live())
  if (vector === undefined) throw new Error("no vector")
  return vector
}

/** What every embedder promises. */
export const embedderSuite = (name: string, start: () => Embedder): void => {
  describe(`embedder: ${name}`, () => {
    test("has a name that fits into a key", () => {
      expect(start().id).toMatch(/^[\w.@/-]{1,80}$/)
    })

    test("gives one vector for each text, in order, all of one length", async () => {
      const texts = ["Which breaker feeds the pump?", "How many doors are open?", "x"]
      const vectors = await start().embed(texts, live())
      expect(vectors).toHaveLength(3)
      expect(new Set(vectors.map((vector) => vector.length)).size).toBe(1)
      for (const [index, text] of texts.entries()) expect(vectors[index]).toEqual(await only(start(), text))
    })

    test("uses the whole range of a byte, so that little is lost by rounding", async () => {
      const vector = await only(start(), "Which breaker feeds the pump?")
      expect(vector).toBeInstanceOf(Int8Array)
      expect(vector.reduce((most, component) => Math.max(most, Math.abs(component)), 0)).toBe(127)
    })

    test("tells texts apart, and knows a text again", async () => {
      const [one, same, other] = await start().embed(
        ["Which breaker feeds the pump?", "Which breaker feeds the pump?", "What is the date of this drawing?"],
        live(),
      )
      if (one === undefined || same === undefined || other === undefined) throw new Error("a vector is missing")
      expect(cosine(one, same)).toBeCloseTo(1, 9)
      expect(cosine(one, other)).toBeLessThan(0.9)
    })

    test("has nothing to do for no texts", async () => {
      expect(await start().embed([], live())).toEqual([])
    })

    test("rejects when its caller has given up", async () => {
      await expect(start().embed(["Which breaker?"], AbortSignal.abort(new Error("too late")))).rejects.toThrow(
        "too late",
      )
    })
  })
}
