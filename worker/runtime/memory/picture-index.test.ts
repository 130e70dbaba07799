import { expect, test } from "vitest"
import { pictureIndexSuite } from "../../ports/picture-index.suite.ts"
import { createMemoryPictureIndex } from "./picture-index.ts"

const make = (maxLookBytes?: number) => {
  let time = 1_000_000
  const now = (): number => time
  const index = createMemoryPictureIndex({ now, ...(maxLookBytes === undefined ? {} : { maxLookBytes }) })
  return { index, now, wait: async (ms: number) => void (time += ms) }
}

pictureIndexSuite("in memory", async () => make())

test("holds no more bytes of looks than it may, whoever's they are", async () => {
  const { index, now } = make(1_000)
  const picture = (name: string) => ({ name, facts: "", expiresAt: now() + 1_000 })
  await index.remember("t1", picture("a"), new Uint8Array(600))
  await index.remember("t2", picture("b"), new Uint8Array(300))
  await index.remember("t2", picture("c"), new Uint8Array(300))
  expect(await index.look("t1", "a")).toBeUndefined()
  expect(await index.look("t2", "b")).toHaveLength(300)
  expect(await index.look("t2", "c")).toHaveLength(300)
})
