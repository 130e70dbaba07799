import { answerText } from "./answer-text.ts"
import { hashOf, seededRandom } from "./seeded.ts"
import { cutToTokens, textTokens } from "./tokens.ts"
import type { Answer, Asked, Frame, Wire } from "./wire.ts"

/** What the answer depends on; not whether it is streamed, so both ways say the same. */
const seedOf = (wire: Wire, asked: Asked, serverSeed: string): string =>
  hashOf(
    serverSeed,
    wire,
    asked.model,
    asked.system,
    JSON.stringify(asked.texts),
    JSON.stringify(asked.pictures),
    JSON.stringify([asked.maxOutputTokens ?? null, asked.stop, asked.schema ?? null]),
  )

type Cut = Pick<Answer, "text" | "finish" | "stopSequence">

const cutAtStop = (text: string, stop: readonly string[]): Cut => {
  const found = stop.filter((sequence) => sequence !== "" && text.includes(sequence))
  const first = found.toSorted((a, b) => text.indexOf(a) - text.indexOf(b))[0]
  return first === undefined
    ? { text, finish: "stop" }
    : { text: text.slice(0, text.indexOf(first)), finish: "stop_sequence", stopSequence: first }
}

const cutAtLength = (cut: Cut, maxTokens: number | undefined): Cut =>
  maxTokens === undefined || textTokens(cut.text) <= maxTokens
    ? cut
    : { text: cutToTokens(cut.text, maxTokens), finish: "length" }

export interface Composing {
  readonly seed: string
  readonly at: number
  /** The whole text, where it was given by hand. */
  readonly says?: string
}

/** The answer to a question, with its usage; the same question to the same server always gets the same one. */
export const composeAnswer = (wire: Wire, asked: Asked, { seed: serverSeed, at, says }: Composing): Answer => {
  const seed = seedOf(wire, asked, serverSeed)
  const full = says ?? answerText(wire, asked, seededRandom(seed))
  const cut = cutAtLength(cutAtStop(full, asked.stop), asked.maxOutputTokens)
  const pictureTokens = asked.pictures.reduce((sum, picture) => sum + picture.tokens, 0)
  return {
    ...cut,
    asked,
    seed,
    pictureTokens,
    inputTokens: textTokens(asked.system + asked.texts.join("")) + pictureTokens,
    // Even an empty answer costs the token that ended it.
    outputTokens: Math.max(1, textTokens(cut.text)),
    at,
  }
}

/** The answer's text in the pieces that a stream brings, about a word each; together they are the text. */
export const piecesOf = (text: string): readonly Frame[] =>
  (text.match(/\s*\S{1,10}|\s+/gu) ?? []).map((piece) => ({ data: piece, tokens: piece.length / 4 }))
