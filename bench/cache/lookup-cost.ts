import type { Row } from "../report.ts"
import { row } from "../report.ts"
import { canonicalForm } from "../../worker/cache/canonical-form.ts"
import { judgeNear } from "../../worker/cache/near/judge-near.ts"
import { createLexicalEmbedder } from "../../worker/cache/near/lexical-embedder.ts"
import type { NearEntry } from "../../worker/cache/near/near-entry.ts"
import { nearLaneMaxChars } from "../../worker/cache/near/refuse-unread.ts"
import { pick } from "./random.ts"
import type { Random } from "./random.ts"
import { wordOrderPairs } from "./word-order-pairs.ts"

const groupSize = 64

/** The time of all text work for one lookup in a full group: canonical form, vector, 64 cosines, eight neighbors read. */
export const lookupCostRows = async (milliseconds: number, random: Random): Promise<readonly Row[]> => {
  const embedder = createLexicalEmbedder()
  const live = new AbortController().signal
  const questions = wordOrderPairs(groupSize, random).map(({ a }) => a)
  const vectors = await embedder.embed(questions, live)
  const group = questions.map((question, index): NearEntry => ({
    id: String(index),
    question,
    embedder: embedder.id,
    vector: vectors[index] ?? new Int8Array(),
    answerHash: String(index),
    writtenAt: 0,
  }))
  const lookUp = async (query: string): Promise<void> => {
    canonicalForm(query, 1)
    const [vector = new Int8Array()] = await embedder.embed([query], live)
    judgeNear({ query, imageCount: 1, queryType: "general", vector, embedder: embedder.id }, group, {
      minConfidence: 0.98,
    })
  }
  /** CPU time of this process by lookup: unlike the clock, it does not count what else the machine does. */
  const time = async (queries: readonly string[]): Promise<number> => {
    for (let warm = 0; warm < 100; warm++) await lookUp(pick(queries, random))
    const [from, until] = [process.cpuUsage(), performance.now() + milliseconds]
    let lookups = 0
    for (; performance.now() < until || lookups < 50; lookups++) await lookUp(pick(queries, random))
    const { user, system } = process.cpuUsage(from)
    return (user + system) / 1_000 / lookups
  }
  const asked = wordOrderPairs(200, random).map(({ b }) => b)
  const long = [questions.join(" ").slice(0, nearLaneMaxChars)]
  return [
    row("text work of a lookup, full group of 64, CPU", await time(asked), "ms", { target: 3 }),
    row(`the same for a question of ${nearLaneMaxChars} characters`, await time(long), "ms", { target: 3 }),
  ]
}
