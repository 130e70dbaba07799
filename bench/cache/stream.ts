import type { Row } from "../report.ts"
import { row } from "../report.ts"
import type { Random } from "./random.ts"
import { seeded, zipf } from "./random.ts"
import { lanes, perEntryThresholds } from "./stream-policies.ts"
import type { Asked, Policy } from "./stream-policies.ts"
import { answerTo, intentsOf, word } from "./stream-questions.ts"

export interface StreamResult {
  /** Shares of all questions. */
  readonly hits: number
  readonly nearHits: number
  readonly judgeCalls: number
  /** Share of the answers served. */
  readonly wrong: number
}

/** With these, the per-entry thresholds hit about as often as was published of them (9.5, 18.8 and 42 %). */
const intentsPerPicture = 24
const popularity = 0.8

/** A day's questions: popular pictures and popular questions are asked more often, each in somebody's own words. */
export const makeStream = (pictures: number, questions: number, random: Random): readonly Asked[] => {
  const drawPicture = zipf(pictures, popularity)
  const drawIntent = zipf(intentsPerPicture, popularity)
  const intents = new Map<number, ReturnType<typeof intentsOf>>()
  return Array.from({ length: questions }, () => {
    const picture = drawPicture(random)
    const known = intents.get(picture) ?? intentsOf(intentsPerPicture, random)
    intents.set(picture, known)
    const intent = known[drawIntent(random)] ?? known[0]
    if (intent === undefined) throw new Error("A picture without a question.")
    return { picture, query: word(intent, random), intent: intent.key, answer: answerTo(picture, intent) }
  })
}

export const runStream = async (stream: readonly Asked[], policy: Policy): Promise<StreamResult> => {
  let [hits, nearHits, wrong, judgeCalls] = [0, 0, 0, 0]
  for (const asked of stream) {
    const outcome = await policy(asked)
    judgeCalls += outcome.judgeCalls
    if (outcome.served === undefined) continue
    hits++
    if (outcome.near === true) nearHits++
    if (outcome.served !== asked.answer) wrong++
  }
  return {
    hits: hits / stream.length,
    nearHits: nearHits / stream.length,
    judgeCalls: judgeCalls / stream.length,
    wrong: wrong / Math.max(1, hits),
  }
}

/** Shorter days have fewer repeats; the wanted hits are for whole ones. */
export const questionsADay = 8_000

/** Hits wanted for each number of pictures; the fewer, the more is asked again. */
const wanted: readonly (readonly [number, number])[] = [
  [2_000, 20],
  [200, 33],
  [20, 47],
]

export const streamRows = async (questions: number, seed: number): Promise<readonly Row[]> => {
  const rows: Row[] = []
  for (const [pictures, atLeast] of wanted) {
    const stream = makeStream(pictures, questions, seeded(seed))
    const anchor = await runStream(stream, perEntryThresholds(seeded(seed + 1)))
    const ours = await runStream(stream, lanes(seeded(seed + 1)))
    const name = `a day, ${pictures.toLocaleString("en-US")} pictures, ${questions.toLocaleString("en-US")} questions:`
    rows.push(
      row(`${name} hits`, 100 * ours.hits, "%", {
        anchor: 100 * anchor.hits,
        ...(questions < questionsADay ? {} : { atLeast }),
      }),
      row(`${name} hits by the near lane`, 100 * ours.nearHits, "%"),
      row(`${name} wrong of served`, 100 * ours.wrong, "%", { anchor: 100 * anchor.wrong, target: 0.5 }),
      row(`${name} judge calls a question`, ours.judgeCalls, "", { anchor: anchor.judgeCalls, target: 0.2 }),
    )
  }
  return rows
}
