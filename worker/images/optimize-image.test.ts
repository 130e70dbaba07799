import { expect, test } from "vitest"
import type { EngineChoice, ImageEngine, ImageJob } from "../ports/image-engine.ts"
import { CorruptImage } from "../ports/image-engine.ts"
import type { ImageFormat, ReceivedImage } from "./image.ts"
import { optimizeImage, plannedRecord } from "./optimize-image.ts"
import type { ImagePlan } from "./plan-image.ts"
import { planImage } from "./plan-image.ts"
import { ruleFor } from "./provider-rules.ts"
import { received } from "./tiny-images.suite.ts"

const claude = ruleFor("anthropic", "claude-opus-5-5")
const gpt = ruleFor("openai", "gpt-5.6-sol")
const text = { detail: "auto", reads: "text" } as const

/** Takes what `choice` says, encodes into the given format and bytes, and remembers its jobs. */
const engineOf = (
  format: ImageFormat,
  sizeBytes: number,
  choice: EngineChoice = { engine: "fake", why: "holds anything" },
): ImageEngine & { readonly jobs: ImageJob[] } => {
  const jobs: ImageJob[] = []
  return {
    choose: () => choice,
    jobs,
    transform: async (job) => {
      jobs.push(job)
      return { bytes: new Uint8Array(sizeBytes), format, considered: [{ format, sizeBytes }] }
    },
  }
}

const tooLarge: EngineChoice = { obstacle: "fake would need 90 MB of memory, of 80 MB", cure: "Send it smaller." }

const clock = (): (() => number) => {
  let at = 1_000
  return () => (at += 7)
}

const run = (image: ReceivedImage, plan: ImagePlan, engine: ImageEngine, isReused = false) =>
  optimizeImage(image, plan, {
    engine,
    transform: async (job) => ({ ...(await engine.transform(job)), isReused }),
    now: clock(),
  })

test("says when the result was at hand, and nothing was decoded", async () => {
  const image = received({ format: "jpeg", widthPx: 4_000, heightPx: 3_000 })
  const plan = planImage(image, claude, text)
  expect((await run(image, plan, engineOf("jpeg", 250_000), true)).record.reused).toBe(true)
  expect((await run(image, plan, engineOf("jpeg", 250_000))).record).not.toHaveProperty("reused")
})

test("passes through without touching the engine", async () => {
  const image = received({}, 5_000, 2)
  const engine = engineOf("jpeg", 0)
  const { sent, record } = await run(image, planImage(image, claude, text), engine)
  expect(sent).toEqual({ index: 2, bytes: image.bytes, format: "jpeg" })
  expect(record).toMatchObject({ index: 2, path: "passed_through", optimized: false, ratio: 1, from: record.to })
  expect(record).not.toHaveProperty("engine")
  expect(engine.jobs).toEqual([])
})

test("sends the smaller picture, with both sides of it in the record", async () => {
  const image = received({ widthPx: 6_000, heightPx: 4_000 }, 1_000_000)
  const engine = engineOf("jpeg", 250_000)
  const { sent, record } = await run(image, planImage(image, claude, text), engine)
  expect(sent).toMatchObject({ format: "jpeg", bytes: new Uint8Array(250_000) })
  expect(engine.jobs).toEqual([
    {
      bytes: image.bytes,
      header: image.header,
      target: { widthPx: 2_352, heightPx: 1_568 },
      formats: ["png", "jpeg", "webp", "gif"],
      quality: 85,
    },
  ])
  expect(record).toEqual({
    index: 0,
    from: { widthPx: 6_000, heightPx: 4_000, sizeBytes: 1_000_000, format: "jpeg", tokens: 4_704 },
    to: { widthPx: 2_352, heightPx: 1_568, sizeBytes: 250_000, format: "jpeg", tokens: 4_704 },
    ratio: 0.25,
    path: "resized",
    optimized: true,
    engine: "fake",
    considered: [{ format: "jpeg", sizeBytes: 250_000 }],
    reason: expect.stringMatching(/shrink it to this itself; fake holds anything$/),
    durationMs: 7,
  })
})

test("calls a picture re-encoded whose size stays", async () => {
  const image = received({ orientation: 6 })
  const { record } = await run(image, planImage(image, claude, text), engineOf("jpeg", 10))
  expect(record).toMatchObject({
    path: "reencoded",
    from: { widthPx: 480, heightPx: 640 },
    to: { widthPx: 480, heightPx: 640 },
  })
})

test("passes the original through when re-encoding makes it larger and saves no token, and says so", async () => {
  // The provider itself makes of this what we would make of it, at the same price.
  const image = received({ format: "jpeg", widthPx: 3_840, heightPx: 2_160 }, 100_000)
  const { sent, record } = await run(image, planImage(image, claude, text), engineOf("jpeg", 150_000))
  expect(sent.bytes).toBe(image.bytes)
  expect(record).toMatchObject({ path: "passed_through", optimized: false, ratio: 1 })
  expect(record.reason).toContain("150000 bytes of 100000")
})

test("passes the original through when a larger picture would save a tenth of its tokens", async () => {
  const image = received({ format: "png", widthPx: 2_400, heightPx: 1_697 }, 100_000)
  const { sent, record } = await run(image, planImage(image, gpt, text), engineOf("png", 150_000))
  expect(sent.bytes).toBe(image.bytes)
  expect(record.reason).toContain("150000 bytes of 100000, for 4407 tokens of 4860")
})

test.each([
  ["it saves tokens", received({ format: "png", widthPx: 4_200, heightPx: 2_970 }, 100_000), gpt],
  ["the original lies on its side", received({ orientation: 8 }, 100_000), claude],
  ["the provider does not take the original", received({ format: "gif" }, 100_000), ruleFor("google", "gemini-3-pro")],
] as const)("sends the larger re-encoded picture when %s", async (_, image, rule) => {
  const { sent, record } = await run(image, planImage(image, rule, text), engineOf("jpeg", 150_000))
  expect(sent.bytes).toHaveLength(150_000)
  expect(record).toMatchObject({ optimized: true, ratio: 1.5 })
})

test("sends a picture as it is that the engine cannot hold, when the provider takes it", async () => {
  const image = received({ widthPx: 4_000, heightPx: 3_000 })
  const engine = engineOf("jpeg", 0, tooLarge)
  const { sent, record } = await run(image, planImage(image, claude, text), engine)
  expect(sent.bytes).toBe(image.bytes)
  expect(record).toMatchObject({ path: "sent_as_is", optimized: false, ratio: 1 })
  expect(record.reason).toContain("fake would need 90 MB of memory, of 80 MB; the provider takes the original")
  expect(engine.jobs).toEqual([])
})

test("refuses a picture that no engine holds and the provider does not take, with the cure", async () => {
  const image = received({ widthPx: 9_000, heightPx: 3_000 }, 1_000, 3)
  const plan = planImage(image, claude, text)
  const engine = engineOf("jpeg", 0, tooLarge)
  const refused = expect.objectContaining({
    code: "image_not_processable",
    status: 422,
    message:
      "images[3] cannot be made ready: fake would need 90 MB of memory, of 80 MB, and as it is it cannot be sent, " +
      "because Anthropic Claude 4.7 and later takes at most 8000 px a side. Send it smaller.",
  })
  await expect(run(image, plan, engine)).rejects.toEqual(refused)
  expect(() => plannedRecord(image, plan, engine)).toThrow(refused)
})

test("names the picture that does not decode", async () => {
  const image = received({ orientation: 6 }, 1_000, 1)
  const cause = new CorruptImage("no such block")
  const engine: ImageEngine = { ...engineOf("jpeg", 0), transform: () => Promise.reject(cause) }
  await expect(run(image, planImage(image, claude, text), engine)).rejects.toMatchObject({
    code: "image_corrupt",
    status: 422,
    message: expect.stringContaining("images[1]"),
    cause,
  })
})

test("does not call a picture damaged because the engine broke", async () => {
  const image = received({ orientation: 6 })
  const engine: ImageEngine = { ...engineOf("jpeg", 0), transform: () => Promise.reject(new TypeError("out of order")) }
  await expect(run(image, planImage(image, claude, text), engine)).rejects.toThrow(new TypeError("out of order"))
})

test("plans the record without decoding, and says that the bytes are estimated", () => {
  const image = received({ widthPx: 6_000, heightPx: 4_000 }, 1_000_000)
  const engine = engineOf("jpeg", 0)
  const record = plannedRecord(image, planImage(image, claude, text), engine)
  expect(engine.jobs).toEqual([])
  expect(record).toMatchObject({
    path: "resized",
    optimized: true,
    to: { widthPx: 2_352, sizeBytes: 153_664, format: "jpeg" },
    durationMs: 0,
  })
  expect(record.reason).toContain("estimated")
})

test("plans what passes through, and what is sent as it is, with its true bytes", () => {
  const small = received({}, 5_000)
  expect(plannedRecord(small, planImage(small, claude, text), engineOf("jpeg", 0))).toMatchObject({
    path: "passed_through",
    to: { sizeBytes: 5_000 },
  })
  const large = received({ widthPx: 4_000, heightPx: 3_000 }, 5_000)
  const record = plannedRecord(large, planImage(large, claude, text), engineOf("jpeg", 0, tooLarge))
  expect(record).toMatchObject({ path: "sent_as_is", optimized: false, to: { widthPx: 4_000, sizeBytes: 5_000 } })
})
