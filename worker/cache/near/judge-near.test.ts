import { describe, expect, test } from "vitest"
import { createLexicalEmbedder } from "./lexical-embedder.ts"
import { judgeNear } from "./judge-near.ts"
import type { AskedQuestion, NearOptions } from "./judge-near.ts"
import type { NearEntry } from "./near-entry.ts"
import type { NearVerdict } from "./near-verdict.ts"

const embedder = createLexicalEmbedder()
const embed = async (text: string): Promise<Int8Array> => {
  const [vector] = await embedder.embed([text], new AbortController().signal)
  return vector ?? new Int8Array()
}
const ask = async (query: string): Promise<AskedQuestion> => ({
  query,
  imageCount: 1,
  queryType: "general",
  vector: await embed(query),
  embedder: embedder.id,
})
const entry = async (question: string, changes: Partial<NearEntry> = {}): Promise<NearEntry> => ({
  id: question,
  question,
  embedder: embedder.id,
  vector: await embed(question),
  answerHash: question,
  writtenAt: 0,
  ...changes,
})
/** Every bin has proved itself two hundred times. */
const proven: NearOptions = {
  minConfidence: 0.98,
  evidence: Array.from({ length: 12 }, () => ({ right: 200, wrong: 0 })),
}
const judge = async (
  query: string,
  stored: readonly (NearEntry | string)[],
  options: NearOptions = proven,
): Promise<NearVerdict> =>
  judgeNear(
    await ask(query),
    await Promise.all(stored.map(async (item) => (typeof item === "string" ? await entry(item) : item))),
    options,
  )

const question = "What sport is being played?"

test("serves a neighbor that asks the same, once such neighbors have proved right", async () => {
  expect(await judge("What sport are they playing?", [question])).toMatchObject({
    served: true,
    entry: { id: question },
    confidence: expect.closeTo(0.998, 2),
  })
})

test("does not serve before that, however similar, and says what is missing", async () => {
  expect(await judge("What sport are they playing?", [question], { minConfidence: 0.98 })).toMatchObject({
    served: false,
    veto: "confidence",
    detail: expect.stringContaining("98.0 % are asked for"),
    nearest: { id: question },
    bin: expect.any(Number),
  })
})

test("serves wordings that were verified as one, though their kind has proved nothing yet", async () => {
  const areOne = (asked: string, stored: string): boolean => asked.startsWith("What sport") && stored === question
  expect(await judge("What sport are they playing?", [question], { minConfidence: 0.98, areOne })).toMatchObject({
    served: true,
  })
  expect(await judge("What sport are they not playing?", [question], { minConfidence: 0.98, areOne })).toMatchObject({
    served: false,
    veto: "negation",
  })
})

test("does not take a question with more in it for the same on the next picture, whatever was verified", async () => {
  const areOne = (): boolean => true
  const options = { minConfidence: 0.98, areOne }
  const asked = "What is the man with the hat holding?"
  expect(await judge(asked, ["What is the man holding?"], options)).toMatchObject({ served: false, veto: "confidence" })
})

test("one wrong answer among few takes the confidence away again", async () => {
  const evidence = Array.from({ length: 12 }, () => ({ right: 20, wrong: 1 }))
  expect(await judge("What sport are they playing?", [question], { minConfidence: 0.98, evidence })).toMatchObject({
    served: false,
    veto: "confidence",
  })
})

test("names the veto that refused, with the words that caused it", async () => {
  expect(await judge("Which breaker feeds pump P1?", ["Which breaker feeds pump P2?"])).toMatchObject({
    served: false,
    veto: "numbers",
    detail: '"P1" against "P2"',
    similarity: expect.any(Number),
  })
})

test("passes over a nearer question that a veto tells apart", async () => {
  const verdict = await judge("What is the rating of fuse F3?", [
    "What is the rating of fuse F4?",
    "What is fuse F3's rating?",
  ])
  expect(verdict).toMatchObject({ served: true, entry: { id: "What is fuse F3's rating?" } })
})

describe("margin", () => {
  const rivals = ["What sport are they playing here?", "What sport is played here?"]
  test("refuses when an entry with another answer is as near", async () => {
    const vector = await embed("What sport is being played here?")
    const near = await Promise.all(rivals.map((rival) => entry(rival, { vector })))
    expect(await judge("What sport is being played here?", near)).toMatchObject({ served: false, veto: "margin" })
  })

  test("does not mind an entry with the same answer", async () => {
    const alike = await Promise.all(rivals.map((rival) => entry(rival, { answerHash: "tennis" })))
    expect(await judge("What sport is being played here?", alike)).toMatchObject({ served: true })
  })
})

describe("compares only what can be compared", () => {
  test("nothing in an empty group", async () => {
    expect(await judge(question, [])).toMatchObject({ served: false, veto: "no_neighbor" })
  })

  test("no vector of another embedder, and no quarantined entry", async () => {
    const others = [await entry(question, { embedder: "other" }), await entry(question, { quarantined: true })]
    expect(await judge(question, others)).toMatchObject({ served: false, veto: "no_neighbor" })
  })

  test("nothing that is far away", async () => {
    expect(await judge(question, ["Which breaker feeds the pump?"])).toMatchObject({ served: false, veto: "too_far" })
  })

  test("nothing too long or not English", async () => {
    expect(await judge("Which breaker? ".repeat(200), [question])).toMatchObject({ veto: "too_long" })
    expect(await judge("Welche Sicherung speist die Pumpe?", [question])).toMatchObject({ veto: "not_english" })
  })
})

test("what was found by one embedder proves nothing of another's scores", async () => {
  const vector = Int8Array.of(127, 0)
  const asked = { ...(await ask("What sport are they playing?")), vector, embedder: "new/model" }
  const stored = await entry(question, { vector, embedder: "new/model" })
  const ofLexical = { minConfidence: 0.98, evidence: (proven.evidence ?? []).slice(0, 10) }
  expect(judgeNear(asked, [stored], ofLexical)).toMatchObject({ served: false, veto: "confidence" })
})

test("an embedder without counts of its own nominates, and the wording is judged", async () => {
  const vector = Int8Array.of(127, 0)
  const asked = { ...(await ask("What sport are they playing?")), vector, embedder: "new/model" }
  const stored = await entry(question, { vector, embedder: "new/model" })
  expect(judgeNear(asked, [stored], { minConfidence: 0.7 })).toMatchObject({ served: true, similarity: 1 })
  expect(judgeNear(asked, [stored], { minConfidence: 0.9 })).toMatchObject({ served: false, veto: "confidence" })
})
