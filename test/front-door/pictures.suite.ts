import sharp from "sharp"
import { describe, expect, test, vi } from "vitest"
import type { PlanResponse } from "../../contract/plan.ts"
import type { CacheRecord } from "../../contract/record.ts"
import type { StatusResponse } from "../../contract/status.ts"
import { textAsSvg } from "../../dev/samples-source/stroke-font.ts"
import { sample } from "../../dev/samples.ts"
import type { World } from "../world.ts"
import { freshQuestion, postJson } from "./client.ts"

/** What the gateway makes of a picture that it has seen before in another file, on whatever runtime. */
export const picturesSuite = (world: () => World): void => {
  const asDataUrl = (bytes: Uint8Array): string => `data:;base64,${Buffer.from(bytes).toString("base64")}`
  /** A nameplate, marked so that no other test has seen it. */
  const plate = async (mark = freshMark()) =>
    sharp(await sample("nameplate.webp"))
      .flatten({ background: "#fff" })
      .composite([{ input: Buffer.from(mark), left: 300, top: 340 }])
      .removeAlpha()
  const ask = (picture: Uint8Array, query: string, body: Record<string, unknown> = {}, headers = {}) =>
    postJson(`${world().url}/v1/analyze`, { query, images: [asDataUrl(picture)], ...body }, headers)
  /** What the cache knows of it; asks nobody, and so leaves nothing behind that would be found by its bytes. */
  const look = async (picture: Uint8Array, query: string, body: Record<string, unknown> = {}, headers = {}) => {
    const url = `${world().url}/v1/optimize`
    const plan = await postJson<PlanResponse>(url, { query, images: [asDataUrl(picture)], ...body }, headers)
    return plan.body.cache
  }
  const describeIt = { queryType: "describe" }

  describe("a picture that was seen before in another file", () => {
    test("with the same pixels shares answers, and the record says so", async () => {
      const picture = await plate()
      const query = freshQuestion()
      await ask(await picture.clone().png().toBuffer(), query)
      const copy = await picture.clone().webp({ lossless: true }).toBuffer()
      await eventually(() => look(copy, query))
      const { body } = await ask(copy, query)
      expect(body.record.cache).toMatchObject({ state: "hit", pictures: ["pixels"] })
    })

    test("re-encoded shares answers of a query type that looks at the whole", async () => {
      const picture = await plate()
      const query = freshQuestion()
      await ask(await picture.clone().png().toBuffer(), query, describeIt)
      const copy = await picture.clone().jpeg({ quality: 70 }).toBuffer()
      await eventually(() => look(copy, query, describeIt))
      const { body } = await ask(copy, query, describeIt)
      expect(body.record.cache).toMatchObject({ state: "hit", pictures: ["look"] })
    })

    test("re-encoded is another picture for a type that reads, unless the caller says otherwise", async () => {
      const picture = await plate()
      const query = freshQuestion()
      const reads = { queryType: "ocr" }
      const alike = { "x-voltgate-cache-pictures": "look" }
      const png = await picture.clone().png().toBuffer()
      const copy = await picture.clone().jpeg({ quality: 70 }).toBuffer()
      await ask(png, query, reads)
      await ask(png, query, reads, alike)
      const found = await eventually(() => look(copy, query, reads, alike))
      expect(found).toMatchObject({ state: "hit", pictures: ["look"] })
      expect(await look(copy, query, reads)).toMatchObject({ state: "miss" })
    })

    test("with one digit changed is another picture, whatever the caller says", async () => {
      const [mark, other] = ["17 A", "11 A"].map(label)
      const query = freshQuestion()
      const before = await (await plate(mark)).png().toBuffer()
      await ask(before, query, describeIt)
      // The very picture is found, so the index has had its time.
      await eventually(async () => {
        const copy = await (await plate(mark)).jpeg({ quality: 80 }).toBuffer()
        return look(copy, query, describeIt)
      })
      const { body } = await ask(await (await plate(other)).png().toBuffer(), query, describeIt)
      expect(body.record.cache.state).toBe("miss")
    })

    test("is looked at again where the caller wants the very bytes", async () => {
      const picture = await plate()
      const query = freshQuestion()
      const bytesOnly = { "x-voltgate-cache-pictures": "bytes" }
      const png = await picture.clone().png().toBuffer()
      await ask(png, query, describeIt, bytesOnly)
      const again = await eventually(() => look(png, query, describeIt, bytesOnly))
      expect(again).toMatchObject({ state: "hit", pictures: ["bytes"] })
      const copy = await picture.clone().webp({ lossless: true }).toBuffer()
      expect((await ask(copy, query, describeIt, bytesOnly)).body.record.cache.state).toBe("miss")
    })

    test("says what the header takes when it is sent anything else", async () => {
      const wrong = { "x-voltgate-cache-pictures": "similar" }
      const { status, body } = await ask(await (await plate()).png().toBuffer(), freshQuestion(), {}, wrong)
      expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining("Send bytes, pixels or look.")])
    })
  })

  describe("a picture that was made ready before", () => {
    test("is not decoded again for the next question about it", async () => {
      const picture = await sharp(await sample("panel-schedule.png"))
        .resize(1_500)
        .negate()
        .png()
        .toBuffer()
      const pinned = { model: "openai/gpt-4o" }
      const first = await ask(picture, freshQuestion(), pinned)
      const second = await ask(picture, freshQuestion(), pinned)
      expect(first.body.record.images[0]).toMatchObject({ path: "resized" })
      expect(first.body.record.images[0]).not.toHaveProperty("reused")
      expect(second.body.record.images[0]).toMatchObject({ path: "resized", reused: true })
      expect(second.body.record.images[0]?.to).toEqual(first.body.record.images[0]?.to)
    })

    test("is totalled in the headers, and its tokens are held against what the provider counted", async () => {
      const pinned = { model: "openai/gpt-4o" }
      const { headers, body } = await ask(await sample("panel-schedule.png"), freshQuestion(), pinned)
      const [image] = body.record.images
      const saved = (image?.from.sizeBytes ?? 0) - (image?.to.sizeBytes ?? 0)
      expect(headers.get("x-voltgate-image-bytes")).toBe(String(image?.to.sizeBytes))
      expect(headers.get("x-voltgate-image-bytes-saved")).toBe(String(saved))
      expect(body.record.cost.inputTokens).toMatchObject({ reported: body.usage.inputTokens, imageDrift: 0 })
      const status = await fetch(`${world().url}/v1/status`).then(
        (response) => response.json() as Promise<StatusResponse>,
      )
      expect(status.imageTokens).toContainEqual(
        expect.objectContaining({ provider: "openai", model: "gpt-4o", drifted: 0, meanDrift: 0 }),
      )
    })
  })
}

let marks = 0
const freshMark = (): string => label(`${++marks * 37} B`)
/** In strokes, because a bare machine has no fonts. */
const label = (text: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="30"><g stroke="#000">${textAsSvg(text, 4, 6, 14, 2)}</g></svg>`

/** Answers and pictures are kept in the background; looks until they are. */
const eventually = (look: () => Promise<CacheRecord>): Promise<CacheRecord> =>
  vi.waitFor(
    async () => {
      const found = await look()
      expect(found.state).toBe("hit")
      return found
    },
    { timeout: 10_000, interval: 100 },
  )
